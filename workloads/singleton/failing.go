package singleton

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	singles "github.com/contendbench/contend/impls/singleton"
	"github.com/contendbench/contend/workloads/load"
)

// failing has an initializer whose first runs return errors, each another one.
var failing = harness.Workload[New]{
	Load: harness.Load{
		Name: "failing", Turn: "stampede",
		About:  "the first runs of the initializer return errors, and a later call builds",
		Params: []harness.AnyParam{load.Goroutines, buildNs, load.Yield, failures},
		Needs:  []impls.Promise{singles.RetriesErrors}, Probes: []impls.Promise{singles.RetriesErrors},
		Points: harness.Points{Stress: afterFailure},
	},
	Run: func(t *harness.Trial, newSingle New) error { return runFailing(t, newSingle, false) },
}

// panicking has an initializer whose first runs panic or end their goroutine. Without
// retries, a caller may get anything after that, but no caller may wait forever.
var panicking = harness.Workload[New]{
	Load: harness.Load{
		Name: "panicking", Turn: "stampede",
		About:  "the first runs of the initializer panic or end their goroutine, and a later call builds",
		Params: []harness.AnyParam{load.Goroutines, buildNs, load.Yield, failures},
		Probes: []impls.Promise{singles.RetriesPanics},
		Points: harness.Points{Stress: afterFailure},
	},
	Run: func(t *harness.Trial, newSingle New) error {
		if builtEarly(newSingle) {
			return &harness.SkipError{Reason: "its constructor runs the initializer, so that it panics itself"}
		}
		return runFailing(t, newSingle, true)
	},
}

var failures = harness.Param[int]{
	Key: "failures", About: "runs of the initializer that fail, 1 to 1000", Default: 1, Valid: harness.Between(1, 1000),
}

// afterFailure is where the loads with a failing initializer are stressed.
var afterFailure = []harness.Grid{
	harness.Over(load.Goroutines.In(1, 2, 8), load.Yield.In(0, 1), failures.In(1, 2, 3)),
	harness.Over(harness.Within(load.Goroutines, 1, 100), harness.Within(failures, 1, 20)),
}

// runFailing plays stampedes on an initializer whose first runs fail.
func runFailing(t *harness.Trial, newSingle New, abruptly bool) error {
	count := int64(failures.Of(t))
	fails := func(rng *rand.Rand) func(int64) *failure {
		exits := abruptly && rng.IntN(2) == 0
		return func(run int64) *failure {
			if run > count {
				return nil
			}
			return &failure{err: &runError{run}, panics: abruptly && !exits, exits: exits}
		}
	}
	return stampedes(t, newSingle, fails, func(s *callers) error {
		if abruptly && !t.Promises(singles.RetriesPanics) {
			return s.released()
		}
		return s.recovered(count, t.Promises(singles.InitOnce))
	})
}

// released calls Get once more after a run that has failed. What it returns is not
// promised, but no object may be incomplete.
func (s *callers) released() error {
	for _, r := range append(s.got, s.get()) {
		if r.object != nil && !r.whole {
			return errIncomplete
		}
	}
	return nil
}

// recovered checks that each caller got the error of one of the first count runs, or the
// complete object that later calls get. With once, one run of the initializer succeeds.
func (s *callers) recovered(count int64, once bool) error {
	last, err := s.retry(count)
	if err != nil {
		return err
	}
	failed := false
	for _, r := range append(s.got, last) {
		var of *runError
		switch {
		case errors.As(r.err, &of) && of.run <= count, s.ended(r):
			failed = true
		case !r.is(last.object):
			return r.complaint()
		}
	}
	if !failed {
		return errors.New("no caller got the error of a run that failed")
	}
	if built := s.builder.built.Load(); once && built != 1 {
		return fmt.Errorf("the initializer succeeded %d times after %d runs that failed, want once", built, count)
	}
	return nil
}

// retry calls Get until the first count runs have failed, and once more. Each call must
// get the error of the run that it made itself, and none after a run that succeeded.
func (s *callers) retry(count int64) (result, error) {
	for {
		before := s.builder.runs.Load()
		r := s.get()
		var of *runError
		switch {
		case r.err == nil:
			return r, nil
		case before >= count:
			return r, fmt.Errorf("a call after %d runs, of which the first %d failed, got an error: %w", before, count, r.err)
		case s.ended(r) && s.builder.runs.Load() == before+1:
		case !errors.As(r.err, &of) || of.run != before+1:
			return r, fmt.Errorf("a call after %d runs that failed got the error %w, want that of a new run", before, r.err)
		}
	}
}

// ended reports whether a call ended its goroutine, as the initializer did.
func (s *callers) ended(r result) bool {
	return errors.Is(r.err, errEnded) && s.builder.fails(1).exits
}
