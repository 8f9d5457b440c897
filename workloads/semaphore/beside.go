package semaphore

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// beside cancels waiters just as all permits are released. A permit that goes to a wait
// which is cancelled must go on to the waiter behind it, since nothing else wakes that.
var beside = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "beside", Turn: "round",
		About:   "waiters are cancelled just as all permits are released, for which another one waits",
		Params:  []harness.AnyParam{permitCount},
		Needs:   []impls.Promise{impls.Cancellable},
		Probes:  []impls.Promise{impls.Cancellable, impls.Resizable},
		Lasting: true,
		Points:  harness.Points{Stress: []harness.Grid{harness.Over(permitCount.In(1, 2, 3, 8, 65))}},
	},
	Run: func(t *harness.Trial, newSemaphore sems.New) error {
		b := besides{size: permitCount.Of(t), weighted: t.Promises(sems.Weighted), resizable: t.Promises(impls.Resizable)}
		return t.Window(func(w *harness.Window) error {
			s := newSemaphore(b.size)
			w.Go("round", 1, func(w *harness.Worker) {
				for w.Next() {
					if err := b.play(w.Rand(), s); err != nil {
						w.Fail(err)
						return
					}
				}
			})
			w.Check(func() error { return newLimit(b.size).settled(s, b.size) })
			return nil
		})
	},
}

// besides is what the rounds of a window have in common.
type besides struct {
	size                int
	weighted, resizable bool
}

// play plays one round. It ends with all permits free.
func (b besides) play(rng *rand.Rand, s sems.Semaphore) error {
	if err := exhaust(s, b.size); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var impatient, patient sync.WaitGroup
	errs := make([]error, 1+rng.IntN(3))
	for i := range errs {
		n := b.weight(rng)
		load.QueueUp(&impatient, func() {
			if err := s.Acquire(ctx, n); err != nil {
				errs[i] = endedBy(ctx, err)
				return
			}
			s.Release(n)
		})
	}
	served := make(chan error, 1)
	n := b.weight(rng)
	load.QueueUp(&patient, func() {
		err := s.Acquire(context.Background(), n)
		if err == nil {
			s.Release(n)
		}
		served <- err
	})
	together(rng, cancel, func() { b.makeRoom(rng, s) })
	impatient.Wait()
	err, ok := inTime(served)
	if !ok {
		err = errors.New("a waiter was not served after the release of all permits and the cancellation of other waits")
	}
	return errors.Join(append(errs, err)...)
}

func (b besides) weight(rng *rand.Rand) int {
	if b.weighted {
		return 1 + rng.IntN(b.size)
	}
	return 1
}

// makeRoom gives all permits back. A semaphore that can be resized is larger for a moment.
func (b besides) makeRoom(rng *rand.Rand, s sems.Semaphore) {
	if r, ok := s.(sems.Resizer); ok && b.resizable && rng.IntN(2) == 0 {
		r.Resize(2 * b.size)
		s.Release(b.size)
		r.Resize(b.size)
		return
	}
	s.Release(b.size)
}

// together makes two calls: one after the other, or at the same time.
func together(rng *rand.Rand, a, b func()) {
	switch rng.IntN(4) {
	case 0:
		a()
		b()
	case 1:
		b()
		a()
	default:
		var group sync.WaitGroup
		group.Go(a)
		load.Pause(rng, 20*time.Microsecond)
		b()
		group.Wait()
	}
}
