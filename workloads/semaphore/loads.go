package semaphore

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// permits is the plainest load: n workers, fewer permits, one each.
func permits(t *harness.Trial, newSemaphore sems.New) error {
	n, size := load.Goroutines.Of(t), permitCount.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		s, l := newSemaphore(size), &limit{most: int64(size)}
		w.Go("worker", n, func(w *harness.Worker) {
			turn(w, s, l, 1, hold, think)
		})
		w.Check(func() error { return l.settled(s, size) })
		return nil
	})
}

// turn acquires, holds and releases n permits until the window's end.
func turn(w *harness.Worker, s sems.Semaphore, l *limit, n, hold, think int) {
	for w.Next() {
		if err := s.Acquire(context.Background(), n); err != nil {
			w.Fail(err)
			return
		}
		w.Mark()
		l.enter(w, n)
		w.Spin(hold)
		l.leave(n)
		s.Release(n)
		w.Think(think)
	}
}

// weighted gives half of the workers a heavy weight; the row counts the turns of both, and heavy-share says
// what the heavy ones got of them.
func weighted(t *harness.Trial, newSemaphore sems.New) error {
	n, size, heavy := load.Goroutines.Of(t), permitCount.Of(t), weight.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		s, l := newSemaphore(size), &limit{most: int64(size)}
		var heavies atomic.Uint64
		w.Go("worker", n, func(w *harness.Worker) {
			if w.ID%2 == 1 {
				turn(w, s, l, 1, hold, think)
				return
			}
			mine := uint64(0)
			for w.Next() {
				if err := s.Acquire(context.Background(), min(heavy, size)); err != nil {
					w.Fail(err)
					return
				}
				w.Mark()
				l.enter(w, min(heavy, size))
				w.Spin(hold)
				l.leave(min(heavy, size))
				s.Release(min(heavy, size))
				mine++
				w.Think(think)
			}
			heavies.Add(mine)
		})
		w.Check(func() error {
			w.Metric("heavy-turns/op", float64(heavies.Load())/float64(max(w.Turns("worker"), 1)))
			return l.settled(s, size)
		})
		return nil
	})
}

// patience is how long an impatient worker waits.
const patience = 200 * time.Microsecond

// storm is a storm of cancellations: impatient workers give up, and patient ones, whose turns the row counts,
// must not suffer from the traces.
func storm(t *harness.Trial, newSemaphore sems.New) error {
	n, size := load.Goroutines.Of(t), permitCount.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		s, l := newSemaphore(size), &limit{most: int64(size)}
		var given atomic.Uint64
		w.Go("patient", n, func(w *harness.Worker) { turn(w, s, l, 1, hold, think) })
		w.Go("impatient", n, func(w *harness.Worker) {
			for w.Next() {
				ctx, cancel := context.WithTimeout(context.Background(), patience)
				if err := s.Acquire(ctx, 1); err != nil {
					given.Add(1)
				} else {
					l.enter(w, 1)
					w.Spin(hold)
					l.leave(1)
					s.Release(1)
				}
				cancel()
				w.Think(think)
			}
		})
		w.Check(func() error {
			w.Metric("cancelled/op", float64(given.Load())/float64(max(w.Turns("patient"), 1)))
			return l.settled(s, size)
		})
		return nil
	})
}

// resizeEvery is the time between two changes of size.
const resizeEvery = time.Millisecond

// resize changes the number of permits under load, between half and twice of it.
func resize(t *harness.Trial, newSemaphore sems.New) error {
	n, size := load.Goroutines.Of(t), permitCount.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		s, l := newSemaphore(size).(sems.Resizer), &limit{most: 2 * int64(size)}
		w.Go("worker", n, func(w *harness.Worker) { turn(w, s, l, 1, hold, think) })
		w.Go("resizer", 1, func(w *harness.Worker) {
			for w.Next() {
				s.Resize(max(size/2, 1) + w.Rand().IntN(2*size-max(size/2, 1)+1))
				time.Sleep(resizeEvery)
			}
			s.Resize(size)
		})
		w.Check(func() error { return l.settled(s, size) })
		return nil
	})
}
