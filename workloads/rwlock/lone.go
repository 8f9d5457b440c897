package rwlock

import (
	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

// many is how many stand against one.
const many = 4

// loneWriter lets a writer come among readers who overlap: each stays inside until another one is there.
func loneWriter(t *harness.Trial, newLock locks.New) error {
	return t.Window(func(w *harness.Window) error {
		lock, inside, victim := newLock(), new(load.Crowd), new(load.Victim)
		w.Go("writer", 1, func(w *harness.Worker) {
			for w.Next() {
				inside.Gather(2)
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
				inside.Come()
				inside.Go(1)
				lock.RUnlock(token)
			}
		}, harness.After("writer"))
		return nil
	})
}

// loneReader lets a reader come among writers who wait for each other: each stays inside until two more wait.
func loneReader(t *harness.Trial, newLock locks.New) error {
	return t.Window(func(w *harness.Window) error {
		lock, waiting, victim := newLock(), new(load.Crowd), new(load.Victim)
		w.Go("reader", 1, func(w *harness.Worker) {
			for w.Next() {
				waiting.Gather(3)
				victim.Waits()
				token := lock.RLock()
				victim.Served()
				lock.RUnlock(token)
				load.Yields(0, 1)
			}
		}, harness.Then(victim.Leaves))
		w.Go("writer", many, func(w *harness.Worker) {
			for w.Next() && !victim.Over() {
				waiting.Come()
				lock.Lock()
				victim.Pass(w)
				waiting.Go(2)
				lock.Unlock()
			}
		}, harness.After("reader"))
		return nil
	})
}
