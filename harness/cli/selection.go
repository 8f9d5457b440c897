package cli

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/contendbench/contend/harness/rounds"
)

// selecting holds the flags of the commands that select cells.
type selecting struct {
	preset string
	filter string
	set    []string
}

func (s *selecting) flags(c *cobra.Command, preset string) {
	f := c.Flags()
	f.StringVar(&s.preset, "preset", preset, "cells and lengths: quick, standard or full")
	f.StringVar(&s.filter, "filter", "", "select cells, in benchfilter syntax: '/impl:(mcs OR sync) /goroutines:8'")
	f.StringArrayVar(&s.set, "set", nil, "parameter values that replace the preset's: goroutines=2,8 (repeatable)")
}

// plan expands a selection into cells. names are patterns, contracts or suites.
func (a *app) plan(s *selecting, names []string) (rounds.Preset, rounds.Plan, error) {
	preset, err := rounds.FindPreset(s.preset)
	if err != nil {
		return preset, rounds.Plan{}, err
	}
	set := map[string][]string{}
	for _, text := range s.set {
		key, values, ok := strings.Cut(text, "=")
		if !ok || values == "" {
			return preset, rounds.Plan{}, fmt.Errorf("--set %q: want key=value,value, such as goroutines=2,8", text)
		}
		set[key] = append(set[key], strings.Split(values, ",")...)
	}
	selection := rounds.Selection{Names: names, Filter: s.filter, Set: set}
	plan, err := rounds.NewPlan(a.suites, preset, selection, runtime.NumCPU(), a.executable)
	return preset, plan, err
}

// running holds the flags of the commands that measure.
type running struct {
	rounds    int
	budget    time.Duration
	precision string
	seed      uint64
	timeout   time.Duration
	dir       string
	layouts   bool
}

// trialTimeout is the time limit of one trial if none is given.
const trialTimeout = 2 * time.Minute

func (r *running) flags(c *cobra.Command) {
	f := c.Flags()
	f.IntVar(&r.rounds, "rounds", 0, "trials of each cell (default: the preset's)")
	f.DurationVar(&r.budget, "budget", 0, "machine time to spend, such as 10m (0: no limit)")
	f.StringVar(&r.precision, "precision", "", "stop a point when its intervals are within this, such as 5%")
	f.Uint64Var(&r.seed, "seed", 0, "seed of the order and of other random choices (default: random, and recorded)")
	f.DurationVar(&r.timeout, "timeout", trialTimeout, "time limit of one trial")
	f.BoolVar(&r.layouts, "layouts", true, "link executables anew for every round, with their functions in another order")
	f.StringVar(&r.dir, "out", "", "folder for the results (default: results/runs/TIME)")
}

// check returns an error for the first flag that no run can have. It comes before a folder
// is made.
func (r *running) check() error {
	switch {
	case r.rounds < 0:
		return fmt.Errorf("--rounds %d: want at least 1, or 0 for the preset's", r.rounds)
	case r.budget < 0:
		return fmt.Errorf("--budget %v: want a time to spend, such as 10m, or 0 for no limit", r.budget)
	case r.timeout <= 0:
		return fmt.Errorf("--timeout %v: want a time limit of one trial, such as 2m", r.timeout)
	case r.precision == "":
		return nil
	}
	_, err := percent("precision", r.precision)
	return err
}

// percent parses 3% or 0.03.
func percent(flag, text string) (float64, error) {
	number, scale := text, 1.0
	if n, ok := strings.CutSuffix(text, "%"); ok {
		number, scale = n, 100
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || !(v > 0 && v/scale < 1) { // NaN is in no range
		return 0, fmt.Errorf("--%s %q: want a share between 0 and 100 %%, such as 5%%", flag, text)
	}
	return v / scale, nil
}
