package mutex

import (
	"sync"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// aged has one goroutine age a lock, for all windows of a stress run. A few contend for
// it whenever its acquisitions reach a power of two, where tickets and counts wrap
// around.
var aged = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "aged", Turn: "up to 64 acquisitions",
		About:  "a lock ages alone, and is contended across each power of two of turns",
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		return load.CheckAged(t, newLock,
			func(lock sync.Locker, _ uint64) error {
				lock.Lock()
				defer lock.Unlock()
				return nil
			},
			func(lock sync.Locker, inside func()) error { return live(lock, load.Contenders, load.EdgeEach, inside) })
	},
}
