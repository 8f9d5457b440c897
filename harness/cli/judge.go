package cli

import (
	"errors"
	"fmt"
	"slices"

	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/results"
)

// gated makes the plan of a duet, and refuses one that a gate could not judge.
func (a *app) gated(sel *selecting, names []string, unit string, fail bool) (rounds.Preset, rounds.Plan, error) {
	preset, plan, err := a.plan(sel, names)
	if err == nil && fail {
		err = a.directed(plan, unit)
	}
	return preset, plan, err
}

// directed returns an error if a workload of the plan does not say whether more or less
// of a unit is better. A gate must know it before anything is measured.
func (a *app) directed(plan rounds.Plan, unit string) error {
	var info results.Info
	for _, s := range a.suites {
		_, _, works := s.Info()
		info.Works = append(info.Works, works...)
	}
	for _, block := range plan.Blocks {
		for _, j := range block {
			var units []string
			for _, m := range append(info.Metrics(j.Cell.Contract, j.Cell.Work), results.Standard...) {
				units = append(units, m.Unit)
			}
			known, ok := results.MatchUnit(unit, units)
			if m := info.Metric(j.Cell.Contract, j.Cell.Work, known); ok && m.Better == results.Neither {
				return undirected(known)
			}
		}
	}
	return nil
}

func undirected(unit string) error {
	return fmt.Errorf("--fail: nothing says whether more or less %s is better, so no row of it can fail: "+
		"choose another --unit, or declare its direction", unit)
}

// judge prints the rows and applies the gate. A row is a regression if it is different
// and worse by more than limit.
func (a *app) judge(run *results.Run, k comparing, o results.Options, limit float64, fail bool) error {
	o, err := inUnit(o, run)
	if err != nil {
		a.printFailures(run)
		return err
	}
	rows := results.DuetOf(run, o)
	compared := slices.ContainsFunc(rows, func(r results.Comparison) bool { return !r.Alone() })
	if !compared && (k.json || len(rows) == 0) {
		a.printFailures(run)
		return fmt.Errorf("comparing the sides: no row has numbers on both; see %s", run.Path)
	}
	if compared {
		if err := k.print(a.out, rows); err != nil {
			return err
		}
	}
	if k.json {
		return gate(rows, o, limit, fail)
	}
	k.close(a.out, closing(rows, o, run))
	a.printFailures(run)
	a.printJudged(rows, o, limit, fail)
	if !compared {
		return fmt.Errorf("comparing the sides: no row has numbers on both; see %s", run.Path)
	}
	return gate(rows, o, limit, fail)
}

// printJudged prints a line for each row that cannot be compared, that a gate could not
// judge, or that is a regression.
func (a *app) printJudged(rows []results.Comparison, o results.Options, limit float64, fail bool) {
	for _, r := range rows {
		switch {
		case r.Alone():
			fmt.Fprintf(a.out, "not compared: %s: %s\n", r.Name, r.Reason)
		case fail && unjudged(r, rows, o):
			fmt.Fprintf(a.out, "not judged: %s: %s\n", r.Name, r.Reason)
		case regression(r, limit) && r.HasRatio():
			fmt.Fprintf(a.out, "regression: %s: %s is %.3f times that of the base (%.3f to %.3f)\n",
				r.Name, r.Unit, r.Ratio, r.Low, r.High)
		case regression(r, limit):
			fmt.Fprintf(a.out, "regression: %s: %s is %.4g, where the base has %.4g\n",
				r.Name, r.Unit, r.NewMedian, r.OldMedian)
		}
	}
}

// unjudged reports whether a row says nothing whatever the sides are: latencies of a load
// that came late, values without a ratio, or fewer pairs than any difference needs.
func unjudged(r results.Comparison, rows []results.Comparison, o results.Options) bool {
	if r.Alone() || r.Exact || r.Outcome != results.Inconclusive {
		return false
	}
	family := 0
	for _, other := range rows {
		if !other.Alone() && !other.Exact {
			family++
		}
	}
	return r.Late != "" || r.Void > 0 && r.HasRatio() || r.N < results.PairsNeeded(family, o.Alpha)
}

// gate fails if a row is a regression, has no numbers on a side, or could not be judged. It
// cannot judge a unit of unknown direction.
func gate(rows []results.Comparison, o results.Options, limit float64, fail bool) error {
	if !fail {
		return nil
	}
	if len(rows) == 0 {
		return errors.New("--fail: there is no row to judge")
	}
	var failures bool
	for _, r := range rows {
		if !r.Alone() && r.Better == results.Neither {
			return undirected(r.Unit)
		}
		failures = failures || r.Alone() || unjudged(r, rows, o) || regression(r, limit)
	}
	if failures {
		return errFailed
	}
	return nil
}

// regression reports whether a row is worse by more than limit. A change from or to 0 is
// beyond any.
func regression(r results.Comparison, limit float64) bool {
	if !r.HasRatio() {
		return r.Regression()
	}
	worse := r.Ratio
	if r.Better == results.Higher {
		worse = 1 / r.Ratio
	}
	return r.Regression() && worse > 1+limit
}
