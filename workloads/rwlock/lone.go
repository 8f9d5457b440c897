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
		w.Lasts(load.VictimLasts)
		w.Go("writer", 1, func(w *harness.Worker) {
			for w.Next() {
				victim.Waits()
				lock.Lock()
				victim.Served()
				lock.Unlock()
				load.Yields(0, 1)
			}
		})
		w.Go("reader", many, func(w *harness.Worker) {
			for w.Next() {
				token := lock.RLock()
				victim.Pass(w)
				inside.Come()
				inside.Go(1)
				lock.RUnlock(token)
			}
		})
		return nil
	})
}

// loneReader lets a reader come among writers who wait for each other: each stays inside until two more wait.
func loneReader(t *harness.Trial, newLock locks.New) error {
	return t.Window(func(w *harness.Window) error {
		lock, waiting, victim := newLock(), new(load.Crowd), new(load.Victim)
		w.Lasts(load.VictimLasts)
		w.Go("reader", 1, func(w *harness.Worker) {
			for w.Next() {
				victim.Waits()
				token := lock.RLock()
				victim.Served()
				lock.RUnlock(token)
				load.Yields(0, 1)
			}
		})
		w.Go("writer", many, func(w *harness.Worker) {
			for w.Next() {
				waiting.Come()
				lock.Lock()
				victim.Pass(w)
				waiting.Go(2)
				lock.Unlock()
			}
		})
		return nil
	})
}
