package cli

import (
	"fmt"

	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/results"
)

// enough spells the unit that a duet compares as trials do, and returns the preset that
// measures it in every round. It gives the run as many rounds as the rows need for one of
// them to be called different. With fail, fewer are an error: such a gate would always be
// open.
func (a *app) enough(
	plan rounds.Plan, preset rounds.Preset, run *running, o *results.Options, fail bool,
) (rounds.Preset, error) {
	var err error
	if o.Unit, err = plan.Unit(preset, o.Unit); err != nil {
		return preset, err
	}
	preset = preset.For(o.Unit)
	rows := plan.Rows(preset, o.Unit)
	needed := results.PairsNeeded(rows, o.Alpha)
	switch {
	case fail && run.precision != "":
		return preset, fmt.Errorf("--fail with --precision: a point may stop before the %d rounds that %d rows need; "+
			"want one of the two", needed, rows)
	case run.rounds == 0 && run.precision == "":
		run.rounds = max(preset.Rounds, needed)
	case run.rounds >= needed || run.rounds < 0: // options refuses less than 0
	case fail:
		return preset, fmt.Errorf("--rounds %d: for one row among %d to be called different at --alpha %v, --fail needs "+
			"--rounds %d, or fewer rows (--filter)", run.rounds, rows, o.Alpha, needed)
	}
	a.warnOfFew(run.rounds, rows, o.Alpha)
	return preset, nil
}

// warnOfFew says how many rounds it takes for a single row to be called different, if
// there are fewer. 0 rounds are no fixed number, and without rows there is nothing to miss.
func (a *app) warnOfFew(n, rows int, alpha float64) {
	if needed := results.PairsNeeded(rows, alpha); rows > 0 && n > 0 && n < needed {
		fmt.Fprintf(a.err, "contend: %d rounds may miss a single row that differs among %d, at a false discovery rate "+
			"of %v; --rounds %d would do\n", n, rows, alpha, needed)
	}
}

// usualAlpha is the false discovery rate of reports and verdicts, and the default of
// --alpha.
const usualAlpha = 0.01

// planned returns the number of rounds of a run, or 0 if its precision or its budget
// decides.
func (r running) planned(preset rounds.Preset) int {
	if r.rounds == 0 && r.precision == "" && r.budget == 0 {
		return preset.Rounds
	}
	return r.rounds
}

// comparisons returns how many rows of a run are compared with the baseline of their
// point.
func comparisons(plan rounds.Plan, preset rounds.Preset) int {
	return plan.Rows(preset, "") - len(plan.Blocks)
}

// ended returns an error if a duet was interrupted, or if one that gates did not run to its
// end for another reason.
func (a *app) ended(run *results.Run, fail bool) error {
	switch {
	case run.Info.State == "complete" || !fail && run.Info.State != "interrupted":
		return nil
	case !fail:
		fmt.Fprintf(a.out, "interrupted: the results are in %s\n", run.Path)
		return errFailed
	}
	return fmt.Errorf("the duet ended before its %d rounds (%s), and --fail needs all of them; the results are in %s",
		run.Info.Rounds, run.Info.State, run.Path)
}
