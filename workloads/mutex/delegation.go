package mutex

import (
	"errors"
	"io"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/mutex"
	"github.com/contendbench/contend/workloads/load"
)

// delegation hands the section over as a function. The time that is sampled is all of Do, since the
// section may run on another goroutine.
func delegation(t *harness.Trial, newDoer locks.NewDoer) error {
	n := load.Goroutines.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		doer, shared, tallies := newDoer(), new(section), make([]tally, n)
		w.Go("worker", n, func(w *harness.Worker) {
			mine := &tallies[w.ID]
			visit := func() { shared.visit(w, mine, hold, 0) }
			for w.Next() {
				doer.Do(visit)
				w.Think(think)
			}
		})
		w.Check(func() error {
			var err error
			if owner, ok := doer.(io.Closer); ok {
				err = owner.Close()
			}
			return errors.Join(err, settled(w, nil, shared, tallies))
		})
		return nil
	})
}
