package semaphore

import (
	"errors"
	"fmt"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// resize changes the number of permits under load, between half and twice the initial
// number.
var resize = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "resize", Turn: "acquisition",
		About:  "the number of permits changes every millisecond, between half and twice the initial number",
		Params: common,
		Needs:  []impls.Promise{impls.Resizable}, Probes: []impls.Promise{impls.Resizable},
		Lasting: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(8, 64))},
			Stress:   []harness.Grid{harness.Over(load.Goroutines.In(8), permitCount.In(1, 4))},
		},
	},
	Method: func(newSemaphore sems.New) (string, bool) {
		_, ok := newSemaphore(1).(sems.Resizer)
		return "Resize(permits int)", ok
	},
	Run: runResize,
}

// resizeEvery is the time between two changes of size.
const resizeEvery = time.Millisecond

func runResize(t *harness.Trial, newSemaphore sems.New) error {
	n, size := load.Goroutines.Of(t), permitCount.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		s, l := newSemaphore(size).(sems.Resizer), newLimit(2*size)
		w.Go("worker", n, func(w *harness.Worker) { turn(w, s, l, 1, hold, think) })
		w.Go("resizer", 1, func(w *harness.Worker) {
			for w.Next() {
				s.Resize(max(size/2, 1) + w.Rand().IntN(2*size-max(size/2, 1)+1))
				time.Sleep(resizeEvery)
			}
			s.Resize(size)
		})
		w.Check(func() error { return errors.Join(l.settled(s, size), grows(s, size)) })
		return nil
	})
}

// grows checks that a semaphore at rest has one more permit after a Resize that says so.
func grows(s sems.Resizer, size int) error {
	s.Resize(size + 1)
	for i := range size + 1 {
		if !s.TryAcquire(1) {
			return fmt.Errorf("after Resize(%d), only %d permits can be acquired", size+1, i)
		}
	}
	s.Release(size + 1)
	s.Resize(size)
	return nil
}
