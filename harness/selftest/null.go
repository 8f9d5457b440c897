package selftest

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/results"
)

// Alpha is the p-value below which the null test counts a single pair as different.
const Alpha = 0.05

const (
	// pairRounds is the number of rounds in one comparison of the null and power tests.
	pairRounds = 12
	// rowsPerRun is how many comparisons make a run, which are corrected together.
	rowsPerRun = 20
	// sequentialCount is the number of samples of each side, as with go test -count.
	sequentialCount = 20
)

var options = results.Options{Alpha: Alpha, MinPairs: 8, Margin: 0.03, Unit: "ns/op"}

// NullOptions says how to run the null and power tests.
type NullOptions struct {
	Executable string
	Pairs      int
	Goroutines []int
	Seed       uint64
	Progress   func(done, of int, what string)
}

// Null is the result of comparing one implementation with itself.
type Null struct {
	Goroutines  int     `json:"goroutines"`
	Pairs       int     `json:"pairs"`
	Different   int     `json:"different"`    // pairs with p < Alpha in rounds, before correction
	LowExpected int     `json:"low_expected"` // 95 % range of Different if Alpha is right
	HighExpect  int     `json:"high_expected"`
	Runs        int     `json:"runs"`
	RunsClaim   int     `json:"runs_with_claim"` // runs with a claim, after correction at Alpha
	HighClaims  int     `json:"high_claims"`     // 95 % upper limit of RunsClaim if Alpha is right
	Sequential  int     `json:"sequential"`      // different pairs if all of A is measured before all of B
	Worst       float64 `json:"worst_sequential"`
}

// Consistent reports whether the numbers of false differences fit Alpha.
func (n Null) Consistent() bool {
	return n.Different >= n.LowExpected && n.Different <= n.HighExpect && n.RunsClaim <= n.HighClaims
}

// RunNull compares one implementation with itself, many times. It measures each pair in
// rounds of fresh processes, as contend run does. It also measures one side after the
// other in two processes, as two calls of go test do.
func RunNull(ctx context.Context, o NullOptions) ([]Null, error) {
	var out []Null
	rng := rand.New(rand.NewPCG(o.Seed, 5))
	for _, n := range o.Goroutines {
		res := Null{Goroutines: n, Pairs: o.Pairs}
		var rows []results.Comparison
		for i := range o.Pairs {
			row, err := o.paired(ctx, n, 0, rng)
			if err != nil {
				return out, err
			}
			rows = append(rows, row)
			if row.P < Alpha {
				res.Different++
			}
			p, ratio, err := o.sequential(ctx, n, rng)
			if err != nil {
				return out, err
			}
			if p < Alpha {
				res.Sequential++
			}
			res.Worst = max(res.Worst, max(ratio, 1/ratio)-1)
			if o.Progress != nil {
				o.Progress(i+1, o.Pairs, "null test")
			}
		}
		for first := 0; first+rowsPerRun <= len(rows); first += rowsPerRun {
			run := rows[first : first+rowsPerRun]
			results.Adjust(run, options)
			res.Runs++
			for _, r := range run {
				if r.Outcome == results.Different {
					res.RunsClaim++
					break
				}
			}
		}
		res.LowExpected, res.HighExpect = binomialRange(res.Pairs, Alpha)
		_, res.HighClaims = binomialRange(res.Runs, Alpha)
		out = append(out, res)
	}
	return out, nil
}

// Power is the result of looking for a slow-down of known size.
type Power struct {
	Slower   float64 `json:"slower"` // how much longer the section's work is, as a share
	Observed float64 `json:"observed"`
	Pairs    int     `json:"pairs"`
	Found    int     `json:"found"`
}

// RunPower compares an implementation with itself when the section's work is longer by a
// known share. It uses one goroutine, so that the whole effect shows.
func RunPower(ctx context.Context, o NullOptions, shares ...float64) ([]Power, error) {
	var out []Power
	rng := rand.New(rand.NewPCG(o.Seed, 6))
	for _, share := range shares {
		p := Power{Slower: share, Pairs: o.Pairs}
		var ratios []float64
		for i := range o.Pairs {
			row, err := o.paired(ctx, 1, share, rng)
			if err != nil {
				return out, err
			}
			if row.P < Alpha && row.Ratio > 1 {
				p.Found++
			}
			ratios = append(ratios, row.Ratio)
			if o.Progress != nil {
				o.Progress(i+1, o.Pairs, "power test")
			}
		}
		p.Observed = results.Median(ratios) - 1
		out = append(out, p)
	}
	return out, nil
}

// powerHold is the section's work in the power test, in ns. It is long compared with the
// lock, so a share of it is about the same share of a turn.
const powerHold = 1000

// paired measures both sides in rounds and compares them.
func (o NullOptions) paired(ctx context.Context, n int, slower float64, rng *rand.Rand) (results.Comparison, error) {
	var sides [2][]results.Trial
	for round := 1; round <= pairRounds; round++ {
		first := rng.IntN(2)
		for i := range 2 {
			side := (first + i) % 2
			spec := nullSpec(n, 2, rng.Uint64())
			spec.Round = round
			if slower > 0 {
				spec.Cell = cell("lock", n, powerHold)
			}
			if side == 1 && slower > 0 {
				spec.Slower = 1 + slower
			}
			trial, err := o.run(ctx, spec)
			if err != nil {
				return results.Comparison{}, err
			}
			sides[side] = append(sides[side], trial)
		}
	}
	return results.Paired("null", sides[0], sides[1], options), nil
}

// sequential measures one side before the other, each in one process, with one sample per
// window.
func (o NullOptions) sequential(ctx context.Context, n int, rng *rand.Rand) (p, ratio float64, err error) {
	var sides [2][]results.Trial
	for side := range sides {
		trial, err := o.run(ctx, nullSpec(n, sequentialCount+1, rng.Uint64()))
		if err != nil {
			return 0, 0, err
		}
		for i, v := range trial.Windows {
			t := trial
			t.Round, t.Values = i+1, map[string]float64{"ns/op": v}
			sides[side] = append(sides[side], t)
		}
	}
	row := results.Unpaired("null", sides[0], sides[1], options)
	return row.P, row.Ratio, nil
}

func nullSpec(n, windows int, seed uint64) harness.Spec {
	return harness.Spec{
		Cell: cell("lock", n, 0), Round: 1, Seed: seed, SpinsPerNs: 1,
		Warm: 5 * time.Millisecond, Length: 10 * time.Millisecond, Windows: windows,
		Grace: 10 * time.Second, NoProbe: true,
	}
}

func (o NullOptions) run(ctx context.Context, spec harness.Spec) (results.Trial, error) {
	out, err := child.Run(ctx, o.Executable, spec, time.Minute)
	if err != nil {
		return results.Trial{}, err
	}
	if out.Status != results.Ok {
		return results.Trial{}, &TrialError{out.Trial}
	}
	return out.Trial, nil
}

// TrialError is the error of a failed trial of the self test.
type TrialError struct{ Trial results.Trial }

func (e *TrialError) Error() string {
	return "running " + e.Trial.Name() + ": " + string(e.Trial.Status) + ": " + e.Trial.Reason
}
