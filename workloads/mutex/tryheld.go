package mutex

import (
	"errors"
	"math/rand/v2"
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// tryHeld tries a lock that is held, with others waiting for it or none. The holder
// releases it only after TryLock has returned, so that one that waits hangs the round.
var tryHeld = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "try-held", Turn: "round", About: "TryLock of a lock that is held until it returns",
		Needs: []impls.Promise{impls.Try}, Probes: []impls.Promise{impls.Try},
		Points: harness.Points{Stress: load.Once},
	},
	Method: tryMethod,
	Run: func(t *harness.Trial, newLock locks.New) error {
		return load.Rounds(t, func(rng *rand.Rand) error { return tryWhileHeld(newLock().(locks.TryLocker), rng.IntN(4)) })
	},
}

// tryWhileHeld fails if TryLock takes a lock that is held while some others wait for it.
func tryWhileHeld(lock locks.TryLocker, others int) error {
	var group sync.WaitGroup
	lock.Lock()
	for range others {
		load.QueueUp(&group, func() {
			lock.Lock()
			defer lock.Unlock()
		})
	}
	took := make(chan bool)
	go func() { took <- lock.TryLock() }()
	if <-took {
		return errors.New("TryLock took a lock that was held")
	}
	lock.Unlock()
	group.Wait()
	return atRest(lock)
}
