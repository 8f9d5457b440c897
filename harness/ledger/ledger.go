// Package ledger shows that the checks work. It stresses every seeded bug and its correct
// twin, and counts how often a check reported each.
package ledger

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// Entry is the result of one bug. The names of its JSON fields are stable.
type Entry struct {
	Pattern     string  `json:"pattern"`
	Contract    string  `json:"contract"`
	Suite       string  `json:"suite,omitempty"`
	Bug         string  `json:"bug"`
	Flaw        string  `json:"flaw"`
	Twin        string  `json:"twin"`
	Tries       int     `json:"tries"`
	Caught      int     `json:"caught"`
	Low         float64 `json:"rate_low"` // Wilson's interval of the detection rate, at 95 %
	High        float64 `json:"rate_high"`
	Median      float64 `json:"median_seconds"` // until caught; 0: never
	FalseAlarms int     `json:"false_alarms"`   // failures of the twin, in the same number of tries
	Example     string  `json:"example"`        // what a check reported of the bug
	Alarm       string  `json:"alarm,omitempty"`
	Incomplete  bool    `json:"incomplete,omitempty"` // the ledger ended before all tries
}

// Options says how to try the bugs.
type Options struct {
	Executable func(impls.Card) string // returns the executable for an implementation's trials
	Tries      int
	For        time.Duration // length of one try of a bug that is not caught
	Twin       time.Duration // length of one try of its twin; 0: For
	Seed       uint64
	Spins      float64
	Endpoints  map[string]string // see harness.Spec
	Progress   func(Entry)
}

// Title names the entry's suite.
func (e Entry) Title() string {
	return harness.Suite{About: harness.About{Contract: e.Contract, Name: e.Suite}}.Title()
}

// Bug is a seeded bug to try.
type Bug struct {
	Suite harness.Suite
	Card  impls.Card
	Loads []string // only under these; empty: all of the suite
}

// Run tries every bug and its twin, and returns the ledger. A try ends at the first
// failure. With an error, the ledger holds what was tried before, and marks the rest.
func Run(ctx context.Context, bugs []Bug, o Options) ([]Entry, error) {
	if o.Twin == 0 {
		o.Twin = o.For
	}
	var entries []Entry
	rng := rand.New(rand.NewPCG(o.Seed, 3))
	for i, b := range bugs {
		e, err := o.entry(ctx, b, rng)
		entries = append(entries, e)
		if err != nil {
			for _, missed := range bugs[i+1:] {
				e := newEntry(missed)
				e.Incomplete = true
				entries = append(entries, e)
			}
			return entries, err
		}
		if o.Progress != nil {
			o.Progress(e)
		}
	}
	return entries, nil
}

// newEntry returns the entry of a bug before its first try.
func newEntry(b Bug) Entry {
	return Entry{
		Pattern: b.Suite.Pattern, Contract: b.Suite.Contract, Suite: b.Suite.Name,
		Bug: b.Card.Name, Flaw: b.Card.Flaw.Text, Twin: b.Card.Flaw.Twin, High: 1,
	}
}

// entry tries one bug.
func (o Options) entry(ctx context.Context, b Bug, rng *rand.Rand) (e Entry, err error) {
	var times []float64
	e = newEntry(b)
	defer func() {
		e.Low, e.High = wilson(e.Caught, e.Tries)
		e.Median = results.Median(times)
		e.Incomplete = err != nil
	}()
	twin, ok := b.Suite.Card(e.Twin)
	if !ok {
		return e, fmt.Errorf("trying %s/%s: its twin %q is not an implementation", b.Suite.Title(), e.Bug, e.Twin)
	}
	for range o.Tries {
		out, err := o.try(ctx, b, b.Card, rng.Uint64(), o.For)
		if err != nil {
			return e, err
		}
		e.Tries++
		if out.Status != results.Ok && out.Status != results.Unknown {
			e.Caught++
			e.Example = out.Reason
			times = append(times, out.Caught.Seconds())
		}
		if out, err = o.try(ctx, b, twin, rng.Uint64(), o.Twin); err != nil {
			return e, err
		}
		if out.Status != results.Ok && out.Status != results.Unknown {
			e.FalseAlarms++
			e.Alarm = out.Reason
		}
	}
	return e, nil
}

const (
	// Still is how long a window may make no progress before the try counts as hung.
	Still = time.Second
	// Spare is how much longer than its length a try may take: for a window, a hang, and
	// the start of a process.
	Spare = 20 * time.Second
)

// try stresses an implementation for the given length.
func (o Options) try(
	ctx context.Context, b Bug, c impls.Card, seed uint64, length time.Duration,
) (child.Outcome, error) {
	spec := harness.Spec{
		Cell: results.Cell{Contract: b.Suite.Contract, Impl: c.Name}, Suite: b.Suite.Name, Loads: b.Loads,
		Round: 1, Seed: seed, SpinsPerNs: o.Spins, Stress: length, Grace: Still, Endpoints: o.Endpoints,
	}
	out, err := child.Run(ctx, o.Executable(c), spec, length+Spare)
	if err != nil {
		return out, fmt.Errorf("stressing %s of %s: %w", c.Name, b.Suite.Title(), err)
	}
	return out, nil
}

// wilson returns Wilson's score interval at 95 % for k of n.
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
