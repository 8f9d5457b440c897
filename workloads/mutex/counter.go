package mutex

import (
	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// counter is the plainest load: n workers, one lock, one shared section.
func counter(t *harness.Trial, newLock locks.New) error {
	n, yield := load.Goroutines.Of(t), load.Yield.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		lock, shared, tallies := newLock(), new(section), make([]tally, n)
		w.Go("worker", n, func(w *harness.Worker) {
			mine := &tallies[w.ID]
			for w.Next() {
				lock.Lock()
				w.Mark()
				shared.visit(w, mine, hold, yield)
				lock.Unlock()
				w.Think(think)
			}
		})
		w.Check(func() error { return settled(w, lock, shared, tallies) })
		return nil
	})
}
