package mutex

import (
	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// handover releases the lock just as a partner starts to wait for it. The only release
// must wake it, also if both look at the same time.
var handover = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "handover", Turn: "handover",
		About:   "the lock is released just as a partner starts to wait for it",
		Lasting: true, Share: 3,
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		return t.Window(func(w *harness.Window) error {
			lock := newLock()
			load.HandOver(w, func(*harness.Worker) { lock.Lock() }, lock.Unlock)
			w.Check(func() error { return atRest(lock) })
			return nil
		})
	},
}
