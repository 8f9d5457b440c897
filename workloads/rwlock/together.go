package rwlock

import (
	"fmt"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

// together has two readers wait for each other inside. An adapter that takes the writer's
// side fails it.
var together = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "together", Turn: "meeting of 2 readers", About: "a reader waits inside until another one is inside too",
		Needs: []impls.Promise{locks.SharedReaders}, Probes: []impls.Promise{locks.SharedReaders},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		return load.Rounds(t, func(*rand.Rand) error { return meet(newLock()) })
	},
}

// meet plays one round.
func meet(lock locks.RWLocker) error {
	inside := make(chan struct{})
	token := lock.RLock()
	go func() {
		other := lock.RLock()
		close(inside)
		lock.RUnlock(other)
	}()
	defer lock.RUnlock(token)
	if !inTime(inside) {
		return fmt.Errorf("two readers were not inside together within %d ms", patience)
	}
	return nil
}
