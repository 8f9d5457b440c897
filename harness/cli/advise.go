package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/results"
	"github.com/contendbench/contend/results/reference"
)

// advising holds what advise was asked.
type advising struct {
	name     string // of the pattern
	where    []string
	dir      string
	query    string
	asJSON   bool
	markdown bool
	measure  bool

	suites []harness.Suite
	wanted map[string]string
	filter func(results.Cell) bool
	axes   []axis // through the nearest point of each suite
}

func (a *app) adviseCommand() *cobra.Command {
	var q advising
	c := &cobra.Command{
		Use:   "advise PATTERN",
		Short: "List the implementations that no other beats near a load, with the evidence",
		Long: `Advise looks for the points of a run that are nearest to your load, and lists what no other
beats there. It says how far the evidence is from your load, and for each parameter at which value
another implementation becomes the better one. Without --run, it uses results/reference,
or the copy that is built in.`,
		Example: `  contend advise mutex --where goroutines=64,hold-ns=1000
  contend advise mutex --where goroutines=10 --filter /work:counter --measure
  contend advise mutex --run results/runs/2026-11-24T10-00-00 --filter /work:counter`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := oneOf(c, "json", "markdown"); err != nil {
				return err
			}
			if q.markdown {
				if err := useless(c, "with --markdown", "where", "filter", "measure"); err != nil {
					return err
				}
			}
			q.name = args[0]
			advise := func() error { return a.advise(c, &q) }
			if q.measure {
				return a.measuring(advise)
			}
			return a.reading(c.Context(), advise)
		},
	}
	f := c.Flags()
	f.StringSliceVar(&q.where, "where", nil, "parameters of your load: goroutines=64,hold-ns=1000")
	f.StringVar(&q.dir, "run", "", "the run with the evidence (default: results/reference, or its built-in copy)")
	f.StringVar(&q.query, "filter", "", "select points, in benchfilter syntax: /work:counter")
	f.BoolVar(&q.measure, "measure", false, "measure the point of your load if the run lacks it, as a quick run")
	f.BoolVar(&q.asJSON, "json", false, "print the nearest points with their rows, and where the evidence is from")
	f.BoolVar(&q.markdown, "markdown", false, "print a page with all points, as in the folders of impls")
	return c
}

func (a *app) advise(c *cobra.Command, q *advising) (err error) {
	if q.suites, err = rounds.Named(a.suites, []string{q.name}); err != nil {
		return err
	}
	if q.wanted, err = readWhere(q.where, q.suites); err != nil {
		return err
	}
	if q.filter, err = results.Filter(q.query); err != nil {
		return err
	}
	var run *results.Run
	err = a.reading(c.Context(), func() (err error) {
		run, err = a.evidence(q.dir)
		return err
	})
	if err != nil {
		return err
	}
	if q.markdown {
		return a.printChoices(run, q.suites)
	}
	near := a.near(run, q)
	if q.measure && !q.exact(near) {
		if run, err = a.measurePoint(c, q, near); err != nil {
			return err
		}
		near = a.near(run, q)
	}
	if len(near) == 0 {
		return q.nothing(run)
	}
	if q.asJSON {
		return a.printAdviceJSON(run, q, near)
	}
	a.printAdvice(run, q, near)
	return nil
}

// evidence opens the run that advice is from. Without a name, it is the reference of the
// working tree, or the copy that is built in.
func (a *app) evidence(dir string) (*results.Run, error) {
	if dir != "" {
		return a.open(dir)
	}
	const own = "results/reference"
	if _, err := os.Stat(filepath.Join(own, "run.json")); err == nil {
		return a.open(own)
	}
	run, err := reference.Open()
	if err != nil {
		return nil, err
	}
	return a.present(run), nil
}

// nothing explains that no point can be shown.
func (q *advising) nothing(run *results.Run) error {
	var has []string
	for _, t := range run.Trials {
		ours := slices.ContainsFunc(q.suites, func(s harness.Suite) bool { return s.Contract == t.Contract })
		if ours && !slices.Contains(has, t.Work) {
			has = append(has, t.Work)
		}
	}
	if len(has) == 0 || q.query == "" {
		return fmt.Errorf("advising on %s: no point of it in %s; contend run %q measures it", q.name, run.Path, q.name)
	}
	return fmt.Errorf("advising on %s: --filter %q selects no point of %s, which has the workloads %s; "+
		"--measure measures what is missing", q.name, q.query, run.Path, strings.Join(has, ", "))
}

// near returns the verdicts closest to the load, by suite, and sets q.axes.
func (a *app) near(run *results.Run, q *advising) (near []results.Verdict) {
	q.axes = nil
	for _, s := range q.suites {
		all := a.verdictsOn(run, s)
		for i, v := range nearest(all, s, q.filter, q.wanted) {
			if i == 0 {
				q.axes = append(q.axes, axes(all, s, v)...)
			}
			v.Suite = s.Name
			near = append(near, v)
		}
	}
	return near
}

// exact reports whether the evidence has the load that was asked for, for each suite that
// has a point.
func (q *advising) exact(near []results.Verdict) bool {
	return slices.ContainsFunc(near, func(v results.Verdict) bool { return len(q.differences(v.Point)) == 0 })
}

// verdictsOn judges a run for a suite. Implementations of another suite that run under the
// same loads, as those of another pattern of the contract, do not take part.
func (a *app) verdictsOn(run *results.Run, s harness.Suite) []results.Verdict {
	others := map[string]bool{}
	for _, o := range a.suites {
		for _, c := range o.Impls {
			if _, mine := s.Card(c.Name); o.Contract == s.Contract && !mine {
				others[c.Name] = true
			}
		}
	}
	own := *run
	own.Trials = nil
	for _, t := range run.Trials {
		shared := func(l harness.Load) bool { return l.Name == t.Work && t.Contract == s.Contract }
		if impl, _ := t.Unalias(); !others[impl] || !slices.ContainsFunc(s.Loads, shared) {
			own.Trials = append(own.Trials, t)
		}
	}
	return results.Verdicts(&own, results.Options{})
}

// shared reports whether another suite has a verdict on the same point.
func shared(near []results.Verdict, v results.Verdict) bool {
	return slices.ContainsFunc(near, func(o results.Verdict) bool { return o.Point == v.Point && o.Suite != v.Suite })
}

func (a *app) printAdvice(run *results.Run, q *advising, near []results.Verdict) {
	last := ""
	verdicts := results.Verdicts(run, results.Options{})
	for _, v := range near {
		head, distance := "nearby point", q.distance(v.Point)
		if v.Contract+v.Work != last && len(q.wanted) > 0 {
			head = "nearest point"
			if distance != exactly {
				distance = "nearest: " + distance
			}
		}
		last = v.Contract + v.Work
		if shared(near, v) {
			head += " of " + v.Suite
		}
		fmt.Fprintf(a.out, "%s: %s\n", head, v.Point)
		if len(q.wanted) > 0 {
			printWrapped(a.out, "  ", distance)
		}
		if v.Unclear != "" {
			printWrapped(a.out, "  ", "no winner: "+v.Unclear)
		}
		if line := across(verdicts, v, a.suites); line != "" {
			printWrapped(a.out, "  ", line)
		}
		best := bestOf(v)
		for _, r := range v.Rows {
			switch {
			case r.Out != "":
				printWrapped(a.out, "  ", fmt.Sprintf("out %s: %s", r.Impl, r.Out))
			case best[r.Impl]:
				printWrapped(a.out, "  ", fmt.Sprintf("%-14s %s, %d trials; promises %s", r.Impl, amount(r), r.Value.N,
					orNothing(promisesOf(run, v, r.Impl))))
				printWrapped(a.out, "    ", r.Text)
			}
		}
	}
	for _, x := range q.axes {
		x.print(a.out)
	}
	for _, s := range q.suites {
		if lack := unmeasured(run, s); len(lack) > 0 {
			printWrapped(a.out, "", fmt.Sprintf("not measured of %s: %s", s.Title(), strings.Join(lack, ", ")))
		}
	}
	facts := []string{run.Path}
	if m := run.Info.Machine.String(); m != "" {
		facts = append(facts, m)
	}
	printWrapped(a.out, "", "evidence: "+strings.Join(append(facts, day(run)), ", "))
	if run.Info.OneLayout != "" {
		printWrapped(a.out, "", "note: "+run.Info.OneLayout)
	}
}

// unmeasured returns the measurable workloads of a suite that a run has no trial of.
func unmeasured(run *results.Run, s harness.Suite) (names []string) {
	has := foundIn(run)
	for _, l := range s.Loads {
		if l.Measured() && has[workload{s.Contract, l.Name}] == nil {
			names = append(names, l.Name)
		}
	}
	return names
}

func promisesOf(run *results.Run, v results.Verdict, impl string) []string {
	i, _ := run.Info.Impl(results.Cell{Contract: v.Contract, Work: v.Work, Impl: impl})
	return i.Promises
}

// day says when a run was measured. A results file alone does not say it.
func day(run *results.Run) string {
	if run.Info.Start.IsZero() {
		return "an unknown day"
	}
	return run.Info.Start.Format("2006-01-02")
}

func orNothing(promises []string) string {
	if len(promises) == 0 {
		return "nothing beyond the contract"
	}
	return strings.Join(promises, ", ")
}
