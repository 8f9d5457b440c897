package semaphore

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"

	"github.com/contendbench/contend/harness"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// tryHeld tries for a permit while all are held, with others waiting or none. The holder
// releases them only after TryAcquire has returned, so that one that waits hangs the
// round.
var tryHeld = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "try-held", Turn: "round",
		About:   "TryAcquire while all permits are held until it returns, with others waiting or none",
		Params:  []harness.AnyParam{permitCount},
		Points:  harness.Points{Stress: []harness.Grid{harness.Over(permitCount.In(1, 2, 5))}},
		Lasting: true,
	},
	Run: func(t *harness.Trial, newSemaphore sems.New) error {
		size := permitCount.Of(t)
		s := newSemaphore(size)
		return load.Rounds(t, func(rng *rand.Rand) error { return tryWhileHeld(s, size, rng.IntN(4)) })
	},
}

// tryWhileHeld fails if TryAcquire takes a permit that is held, while some others wait.
func tryWhileHeld(s sems.Semaphore, size, others int) error {
	if err := exhaust(s, size); err != nil {
		return err
	}
	var group sync.WaitGroup
	errs := make([]error, others)
	for i := range others {
		load.QueueUp(&group, func() {
			if errs[i] = s.Acquire(context.Background(), 1); errs[i] == nil {
				s.Release(1)
			}
		})
	}
	took := make(chan bool)
	go func() { took <- s.TryAcquire(1) }()
	if <-took {
		return errors.New("a TryAcquire took a permit that was held")
	}
	s.Release(size)
	group.Wait()
	return errors.Join(errors.Join(errs...), newLimit(size).settled(s, size))
}
