package rwlock

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

// loneWriter has a writer come among readers that overlap: each stays inside until
// another one is there.
var loneWriter = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "lone-writer", Turn: "section of the writer",
		About: "a writer comes among readers that always overlap, and must get in",
		Needs: []impls.Promise{impls.StarvationFree}, Probes: []impls.Promise{impls.StarvationFree},
		Points: harness.Points{Stress: load.Once},
	},
	Run: runLoneWriter,
}

// many is how many workers of the other side a lone one comes among.
const many = 4

func runLoneWriter(t *harness.Trial, newLock locks.New) error {
	return t.Window(func(w *harness.Window) error {
		lock, inside, victim := newLock(), new(load.Gathering), new(load.Victim)
		w.Go("writer", 1, func(w *harness.Worker) {
			for w.Next() {
				inside.WaitFor(2)
				victim.Waits()
				lock.Lock()
				victim.Served()
				lock.Unlock()
				load.Yields(0, 1)
			}
		}, harness.Then(victim.Leaves))
		w.Go("reader", many, func(w *harness.Worker) {
			for w.Next() && !victim.Over() {
				token := lock.RLock()
				victim.Pass(w)
				inside.Join()
				inside.Leave(1)
				lock.RUnlock(token)
			}
		}, harness.After("writer"))
		return nil
	})
}
