package singleton

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	singles "github.com/contendbench/contend/impls/singleton"
	"github.com/contendbench/contend/workloads/load"
)

// unusable has an initializer whose first run returns a value with an error, or neither.
// The contract says that the value is dropped, and that neither is an error, too.
var unusable = harness.Workload[New]{
	Load: harness.Load{
		Name: "unusable", Turn: "stampede",
		About:  "the first run of the initializer returns a value with an error, or neither",
		Params: []harness.AnyParam{load.Goroutines, buildNs, load.Yield},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(load.Goroutines.In(1, 2, 8), load.Yield.In(0, 1)),
		}},
	},
	Run: func(t *harness.Trial, newSingle New) error {
		retries := t.Promises(singles.RetriesErrors)
		return stampedes(t, newSingle, unusableRun, func(s *callers) error { return s.unusable(retries) })
	},
}

// unusableRun returns an initializer whose first run returns both or neither.
func unusableRun(rng *rand.Rand) func(int64) *failure {
	first := &failure{}
	if rng.IntN(2) == 0 {
		first = &failure{object: new(Object), err: &runError{1}}
	}
	return func(run int64) *failure {
		if run == 1 {
			return first
		}
		return nil
	}
}

// unusable checks that each caller got the error of the first run and no value, or the
// object of a later run. With retries, there is a later run.
func (s *callers) unusable(retries bool) error {
	want := s.builder.fails(1).err
	if want == nil {
		want = singles.ErrNothing
	}
	last := s.get()
	if retries && last.err != nil {
		return fmt.Errorf("a call after the failed run got an error: %w", last.err)
	}
	for _, r := range append(s.got, last) {
		switch {
		case r.object != nil && r.err != nil:
			return fmt.Errorf("a caller got a value beside an error: %w", r.err)
		case errors.Is(r.err, want):
		case !r.is(last.object):
			return fmt.Errorf("the initializer returned a value with an error, or neither; want %w: %w", want, r.complaint())
		}
	}
	return nil
}
