package cli

import (
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/results"
)

// measurePoint measures the load that was asked for, under the quick preset: each workload
// of the nearest points, with their other parameters.
func (a *app) measurePoint(c *cobra.Command, q *advising, near []results.Verdict) (*results.Run, error) {
	preset, err := rounds.FindPreset("quick")
	if err != nil {
		return nil, err
	}
	selection := rounds.Selection{Names: []string{q.name}, Filter: q.query, Set: map[string][]string{}}
	if len(near) > 0 && q.query == "" {
		selection.Filter = "/work:" + near[0].Work
	}
	if len(near) > 0 {
		cell, err := results.ParseName(near[0].Point)
		if err != nil {
			return nil, err
		}
		for _, p := range cell.Params {
			selection.Set[p.Key] = []string{p.Value}
		}
	}
	for key, value := range q.wanted {
		selection.Set[key] = []string{value}
	}
	plan, err := rounds.NewPlan(a.suites, preset, selection, runtime.NumCPU(), a.executable)
	if err != nil {
		return nil, fmt.Errorf("measuring the load: %w", err)
	}
	as := *a
	as.out = a.err // the advice alone is the output
	as.args = runArgs(selection)
	run := running{timeout: trialTimeout, layouts: true}
	journal, err := as.start(preset.Name, run)
	if err != nil {
		return nil, err
	}
	defer journal.Release()
	// The advice is from the rows that passed. measure has printed the others.
	if err := as.measure(c, plan, preset, run, journal, nil); err != nil && !errors.Is(err, errFailed) {
		return nil, err
	}
	return a.open(journal.Dir())
}

// runArgs returns the arguments of contend run that measure a selection, for the record.
func runArgs(s rounds.Selection) []string {
	args := append([]string{"run"}, s.Names...)
	if s.Filter != "" {
		args = append(args, "--filter", s.Filter)
	}
	for _, key := range slices.Sorted(maps.Keys(s.Set)) {
		args = append(args, "--set", key+"="+s.Set[key][0])
	}
	return args
}
