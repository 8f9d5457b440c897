// Package ledger shows that the checks bite: it stresses every seeded bug, and its correct twin for as
// long, and counts how often each was caught.
package ledger

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// Entry is one bug's row. The names of its JSON fields are stable.
type Entry struct {
	Pattern     string  `json:"pattern"`
	Contract    string  `json:"contract"`
	Bug         string  `json:"bug"`
	Flaw        string  `json:"flaw"`
	Twin        string  `json:"twin"`
	Tries       int     `json:"tries"`
	Caught      int     `json:"caught"`
	Low         float64 `json:"rate_low"` // Wilson's interval of the detection rate, at 95 %
	High        float64 `json:"rate_high"`
	Median      float64 `json:"median_seconds"` // until caught; 0 when never
	FalseAlarms int     `json:"false_alarms"`   // of the twin, in as many tries
	Example     string  `json:"example"`        // what a check said
	Alarm       string  `json:"alarm,omitempty"`
}

// Options says how long to try.
type Options struct {
	Executable string
	Work       string // only under this workload; "": all
	Tries      int
	For        time.Duration // of one try of a bug, which ends when it is caught
	Twin       time.Duration // of one try of its twin; 0: For
	Seed       uint64
	Spins      float64
	Endpoints  map[string]string // see harness.Spec
	Progress   func(Entry)
}

// Bugs returns the bugs among rows, once each.
func Bugs(rows []harness.Row) []harness.Row {
	var bugs []harness.Row
	seen := map[string]bool{}
	for _, r := range rows {
		if key := r.Contract + " " + r.Impl.Name; r.Impl.Role == impls.Bug && !seen[key] {
			seen[key] = true
			bugs = append(bugs, r)
		}
	}
	return bugs
}

// Run tries every bug among rows and its twin, and returns the ledger. A try ends at the first failure.
func Run(ctx context.Context, rows []harness.Row, o Options) ([]Entry, error) {
	if o.Twin == 0 {
		o.Twin = o.For
	}
	var entries []Entry
	rng := rand.New(rand.NewPCG(o.Seed, 3))
	for _, bug := range Bugs(rows) {
		e := Entry{Pattern: bug.Pattern, Contract: bug.Contract, Bug: bug.Impl.Name, Flaw: bug.Impl.Flaw, Twin: bug.Impl.Twin}
		var times []float64
		for range o.Tries {
			out, err := try(ctx, rows, bug.Contract, bug.Impl.Name, rng.Uint64(), o.For, o)
			if err != nil {
				return entries, err
			}
			e.Tries++
			if out.Status != results.Ok {
				e.Caught++
				e.Example = out.Reason
				times = append(times, out.Caught.Seconds())
			}
			if out, err = try(ctx, rows, bug.Contract, bug.Impl.Twin, rng.Uint64(), o.Twin, o); err != nil {
				return entries, err
			}
			if out.Status != results.Ok {
				e.FalseAlarms++
				e.Alarm = out.Reason
			}
		}
		e.Low, e.High = wilson(e.Caught, e.Tries)
		if len(times) > 0 {
			slices.Sort(times)
			e.Median = times[len(times)/2]
		}
		entries = append(entries, e)
		if o.Progress != nil {
			o.Progress(e)
		}
	}
	return entries, nil
}

const (
	// Still is how long a window may stand still before a try counts as a hang.
	Still = time.Second
	// Spare is what a try may take beyond its time: a window, a hang, and the start of a process.
	Spare = 20 * time.Second
)

func try(ctx context.Context, rows []harness.Row, contract, impl string, seed uint64, length time.Duration, o Options) (harness.Outcome, error) {
	spec := harness.Spec{
		Cell: results.Cell{Contract: contract, Work: o.Work, Impl: impl}, Round: 1, Seed: seed, SpinsPerNs: o.Spins,
		Stress: length, Grace: Still, Endpoints: o.Endpoints,
	}
	out, err := harness.Run(ctx, harness.ExecutableOf(rows, spec.Cell, o.Executable), spec, length+Spare)
	if err != nil {
		return out, fmt.Errorf("stressing %s of %s: %w", impl, contract, err)
	}
	return out, nil
}

// wilson is Wilson's score interval at 95 % for k of n.
func wilson(k, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959964
	p, m := float64(k)/float64(n), float64(n)
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(middle-half, 0), min(middle+half, 1)
}
