package cli

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/results"
)

func (a *app) adviseCommand() *cobra.Command {
	var where []string
	var dir, work string
	var asJSON bool
	c := &cobra.Command{
		Use:   "advise PATTERN --run RUN",
		Short: "Say which implementations no other beats near a load, with the evidence",
		Example: `  contend advise mutex --run results/reference --where goroutines=64,hold-ns=1000
  contend advise mutex --run results/runs/2026-11-24T10-00-00 --work counter`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			rows, err := rounds.Named(a.rows, args)
			if err != nil {
				return err
			}
			wanted, err := readWhere(where)
			if err != nil {
				return err
			}
			run, err := a.open(dir)
			if err != nil {
				return err
			}
			near := nearest(results.Verdicts(run, results.Options{}), rows[0].Contract, work, wanted)
			if len(near) == 0 {
				return fmt.Errorf("%s has no point of %s; contend run %s measures it", dir, args[0], args[0])
			}
			if asJSON {
				e := json.NewEncoder(a.out)
				e.SetIndent("", "  ")
				return e.Encode(near)
			}
			a.printAdvice(run, near)
			return nil
		},
	}
	f := c.Flags()
	f.StringSliceVar(&where, "where", nil, "the load: goroutines=64,hold-ns=1000")
	f.StringVar(&dir, "run", "results/reference", "the run that holds the evidence")
	f.StringVar(&work, "work", "", "only this workload")
	f.BoolVar(&asJSON, "json", false, "the nearest points with their rows")
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

// nearby is how many points around the load are shown, so that crossovers are seen.
const nearby = 5

// nearest returns the verdicts of a contract, those closest to the load first: the distance is in
// octaves, added up over the parameters that were named.
func nearest(verdicts []results.Verdict, contract, work string, wanted map[string]float64) []results.Verdict {
	var near []results.Verdict
	for _, v := range verdicts {
		if v.Contract == contract && (work == "" || v.Work == work) {
			near = append(near, v)
		}
	}
	slices.SortStableFunc(near, func(x, y results.Verdict) int {
		d := octaves(x.Point, wanted) - octaves(y.Point, wanted)
		switch {
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return 0
	})
	return near[:min(nearby, len(near))]
}

func octaves(point string, wanted map[string]float64) (sum float64) {
	cell, err := results.ParseName(point)
	if err != nil {
		return math.Inf(1)
	}
	for key, want := range wanted {
		text, ok := cell.Get(key)
		have, err := strconv.ParseFloat(text, 64)
		if !ok || err != nil {
			sum += 10 // a workload without the parameter says little of it
			continue
		}
		sum += math.Abs(math.Log2((have + 1) / (want + 1)))
	}
	return sum
}

func (a *app) printAdvice(run *results.Run, near []results.Verdict) {
	promises := map[string][]string{}
	for _, i := range run.Info.Impls {
		promises[i.Contract+" "+i.Name] = i.Promises
	}
	for i, v := range near {
		head := "nearest point"
		if i > 0 {
			head = "next to it"
		}
		fmt.Fprintf(a.out, "%s: %s\n", head, v.Point)
		for _, r := range v.Rows {
			if !slices.Contains(v.Best, r.Impl) {
				continue
			}
			fmt.Fprintf(a.out, "  %-14s %.4g ns/op (%.4g to %.4g, %d trials); promises %s\n    %s\n",
				r.Impl, r.Ns.Median, r.Ns.Low, r.Ns.High, r.Ns.N, orNothing(promises[v.Contract+" "+r.Impl]), r.Text)
		}
	}
	m := run.Info.Machine
	fmt.Fprintf(a.out, "evidence: %s, %s with %d cores, %s, %s\n", run.Path, m.CPU, m.Cores, m.Go, run.Info.Start.Format("2006-01-02"))
}

func orNothing(promises []string) string {
	if len(promises) == 0 {
		return "nothing beyond exclusion"
	}
	return strings.Join(promises, ", ")
}
