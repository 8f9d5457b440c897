package rwlock

import (
	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

// aged has one goroutine age a lock, for all windows of a stress run. A few contend for
// it whenever its sections reach a power of two, where tickets and counts wrap around.
var aged = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "aged", Turn: "up to 64 sections",
		About:  "a lock ages alone, and is contended across each power of two of turns",
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		return load.CheckAged(t, newLock, useOnce,
			func(lock locks.RWLocker, inside func()) error {
				return live(lock, load.Contenders, load.EdgeEach, 2, inside)
			})
	},
}

// useOnce writes or reads alone.
func useOnce(lock locks.RWLocker, turn uint64) error {
	if turn%2 == 0 {
		lock.Lock()
		defer lock.Unlock()
		return nil
	}
	lock.RUnlock(lock.RLock())
	return nil
}
