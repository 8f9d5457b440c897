package mutex

import (
	"errors"
	"fmt"
	"io"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/mutex/delegation"
	"github.com/contendbench/contend/workloads/load"
)

// delegated passes the section as a function. The time that is sampled is all of Do,
// since the section may run on another goroutine.
var delegated = harness.Workload[delegation.New]{
	Load: harness.Load{
		Name: "delegation", Turn: "section", About: "the section is passed as a function",
		Params:    []harness.AnyParam{load.Goroutines, load.Hold, load.Think},
		Metrics:   sectionMetrics,
		CurveAxis: load.Goroutines,
		Points: harness.Points{
			Quick:    load.Once,
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8, 64), load.Hold.In(0, 100))},
			Stress:   []harness.Grid{harness.Over(few), harness.Over(crowd)},
		},
	},
	Run: runDelegated,
}

func runDelegated(t *harness.Trial, newDoer delegation.New) error {
	n := load.Goroutines.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		doer, shared, tallies := newDoer(), new(section), make([]tally, n)
		w.Go("worker", n, func(w *harness.Worker) {
			mine := &tallies[w.ID]
			visit := func() { shared.visit(w, mine, hold, 0) }
			for made := uint64(1); w.Next(); made++ {
				doer.Do(visit)
				if mine.turns != made {
					w.Fail(fmt.Errorf("a call of Do returned, and its sections had run %d times in %d calls", mine.turns, made))
					return
				}
				w.Think(think)
			}
		})
		w.Check(func() error { return errors.Join(end(doer), settled(w, nil, shared, tallies)) })
		return nil
	})
}

// end closes a Doer that has its own goroutine.
func end(doer delegation.Doer) error {
	if owner, ok := doer.(io.Closer); ok {
		return owner.Close()
	}
	return nil
}

// zeroDelegated is the delegation load with locks that no constructor made.
var zeroDelegated = harness.Workload[delegation.New]{
	Load: harness.Load{
		Name: "delegation-zero-value", Turn: "section", About: "the lock is a zero value of its type",
		Params:  delegated.Params,
		Metrics: sectionMetrics,
		Needs:   []impls.Promise{impls.ZeroValue}, Probes: []impls.Promise{impls.ZeroValue},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(few, load.Hold.In(1000))}},
	},
	Run: func(t *harness.Trial, newDoer delegation.New) error {
		return runDelegated(t, func() delegation.Doer { return load.ZeroOf(newDoer()) })
	},
}
