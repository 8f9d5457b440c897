package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/results"
)

func (a *app) adviseCommand() *cobra.Command {
	var where []string
	var dir, query string
	var asJSON, markdown bool
	c := &cobra.Command{
		Use:   "advise PATTERN --run RUN",
		Short: "List the implementations that no other beats near a load, with the evidence",
		Example: `  contend advise mutex --run results/reference --where goroutines=64,hold-ns=1000
  contend advise mutex --run results/runs/2026-11-24T10-00-00 --filter /work:counter`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			suites, err := rounds.Named(a.suites, args)
			if err != nil {
				return err
			}
			wanted, err := readWhere(where)
			if err != nil {
				return err
			}
			filter, err := results.Filter(query)
			if err != nil {
				return err
			}
			run, err := a.open(dir)
			if err != nil {
				return err
			}
			if markdown {
				a.printChoices(run, suites)
				return nil
			}
			var near []results.Verdict
			for _, s := range suites {
				near = append(near, nearest(a.verdictsOn(run, s), s, filter, wanted)...)
			}
			if len(near) == 0 {
				return fmt.Errorf("advising on %s: %s has no point of it; contend run %q measures it", args[0], dir, args[0])
			}
			if asJSON {
				e := json.NewEncoder(a.out)
				e.SetIndent("", "  ")
				return e.Encode(near)
			}
			a.printAdvice(run, near, wanted)
			return nil
		},
	}
	f := c.Flags()
	f.StringSliceVar(&where, "where", nil, "parameters of your load: goroutines=64,hold-ns=1000")
	f.StringVar(&dir, "run", "results/reference", "the run with the evidence")
	f.StringVar(&query, "filter", "", "select points, in benchfilter syntax: /work:counter")
	f.BoolVar(&asJSON, "json", false, "print the nearest points with their rows, as an array")
	f.BoolVar(&markdown, "markdown", false, "print a page with all points, as in the folders of impls")
	return c
}

func readWhere(texts []string) (map[string]float64, error) {
	wanted := map[string]float64{}
	for _, text := range texts {
		key, value, ok := strings.Cut(text, "=")
		v, err := strconv.ParseFloat(value, 64)
		if !ok || err != nil {
			return nil, fmt.Errorf("--where %q: want key=number, such as goroutines=64", text)
		}
		wanted[key] = v
	}
	return wanted, nil
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

// nearby is how many points around the load to show of each suite, so that crossovers are
// visible.
const nearby = 5

// nearest returns the verdicts of a suite that are closest to the load, closest first.
// The distance is in octaves, summed over the parameters in wanted.
func nearest(
	verdicts []results.Verdict, s harness.Suite, filter func(results.Cell) bool, wanted map[string]float64,
) []results.Verdict {
	var near []results.Verdict
	for _, v := range verdicts {
		of := slices.ContainsFunc(s.Loads, func(l harness.Load) bool { return l.Name == v.Work })
		cell, err := results.ParseName(v.Point)
		if v.Contract == s.Contract && of && err == nil && filter(cell) {
			near = append(near, v)
		}
	}
	slices.SortStableFunc(near, func(x, y results.Verdict) int {
		return cmp.Compare(octaves(x.Point, wanted), octaves(y.Point, wanted))
	})
	return near[:min(nearby, len(near))]
}

// octaves returns the distance of a point from the load.
func octaves(point string, wanted map[string]float64) (sum float64) {
	cell, err := results.ParseName(point)
	if err != nil {
		return math.Inf(1)
	}
	for key, want := range wanted {
		text, ok := cell.Get(key)
		have, err := strconv.ParseFloat(text, 64)
		if !ok || err != nil {
			sum += 10 // a point without the parameter is far away
			continue
		}
		sum += math.Abs(math.Log2((have + 1) / (want + 1)))
	}
	return sum
}

func (a *app) printAdvice(run *results.Run, near []results.Verdict, wanted map[string]float64) {
	last := ""
	for _, v := range near {
		head := "nearby point"
		if v.Contract+v.Work != last && len(wanted) > 0 {
			head = "nearest point"
		}
		last = v.Contract + v.Work
		fmt.Fprintf(a.out, "%s: %s\n", head, v.Point)
		for _, r := range v.Rows {
			if !slices.Contains(v.Best, r.Impl) {
				continue
			}
			var promises []string
			if i, ok := run.Info.Impl(results.Cell{Contract: v.Contract, Work: v.Work, Impl: r.Impl}); ok {
				promises = i.Promises
			}
			fmt.Fprintf(a.out, "  %-14s %.4g %s (%.4g to %.4g, %d trials); promises %s\n    %s\n",
				r.Impl, r.Value.Median, v.Unit, r.Value.Low, r.Value.High, r.Value.N, orNothing(promises), r.Text)
		}
	}
	m := run.Info.Machine
	fmt.Fprintf(a.out, "evidence: %s, %s with %d cores, %s, %s\n",
		run.Path, m.CPU, m.Cores, m.Go, day(run))
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
