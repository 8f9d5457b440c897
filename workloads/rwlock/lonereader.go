package rwlock

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

// loneReader has a reader come among writers that wait for each other: each stays inside
// until two more wait.
var loneReader = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "lone-reader", Turn: "section of the reader",
		About: "a reader comes among writers, of which some always wait, and must get in",
		Needs: []impls.Promise{impls.StarvationFree}, Probes: []impls.Promise{impls.StarvationFree},
		Points: harness.Points{Stress: load.Once},
	},
	Run: runLoneReader,
}

func runLoneReader(t *harness.Trial, newLock locks.New) error {
	return t.Window(func(w *harness.Window) error {
		lock, waiting, victim := newLock(), new(load.Gathering), new(load.Victim)
		w.Go("reader", 1, func(w *harness.Worker) {
			for w.Next() {
				waiting.WaitFor(3)
				victim.Waits()
				token := lock.RLock()
				victim.Served()
				lock.RUnlock(token)
				load.Yields(0, 1)
			}
		}, harness.Then(victim.Leaves))
		w.Go("writer", many, func(w *harness.Worker) {
			for w.Next() && !victim.Over() {
				waiting.Join()
				lock.Lock()
				victim.Pass(w)
				waiting.Leave(2)
				lock.Unlock()
			}
		}, harness.After("reader"))
		return nil
	})
}
