package selftest

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/results"
)

// Alpha is the rate at which the null test counts a single pair as different.
const Alpha = 0.05

const (
	// pairRounds is the number of rounds in one comparison of the null and power tests.
	pairRounds = 12
	// rowsPerRun is how many comparisons make a run whose claims are corrected together.
	rowsPerRun = 20
	// sequentialCount is what go test -count would take for each side.
	sequentialCount = 20
)

// NullOptions says how many comparisons to make.
type NullOptions struct {
	Executable string
	Pairs      int
	Goroutines []int
	Seed       uint64
	Progress   func(done, of int, what string)
}

// Null is what became of comparisons of one implementation with itself.
type Null struct {
	Goroutines  int     `json:"goroutines"`
	Pairs       int     `json:"pairs"`
	Different   int     `json:"different"`    // pairs with p < Alpha, before correction, measured in rounds
	LowExpected int     `json:"low_expected"` // 95 % of honest tests find a number from here
	HighExpect  int     `json:"high_expected"`
	Runs        int     `json:"runs"`
	RunsClaim   int     `json:"runs_with_claim"` // after correction at Alpha
	HighClaims  int     `json:"high_claims"`     // 95 % of honest tests find no more
	Sequential  int     `json:"sequential"`      // the same pairs as go test -count would measure them: A…A, then B…B
	Worst       float64 `json:"worst_sequential"`
}

// Consistent reports whether the numbers of false differences are those that Alpha promises.
func (n Null) Consistent() bool {
	return n.Different >= n.LowExpected && n.Different <= n.HighExpect && n.RunsClaim <= n.HighClaims
}

// RunNull compares one implementation with itself, again and again: in rounds of fresh processes, as
// contend run does, and one side after the other in two processes, as two calls of go test do.
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
			results.Adjust(run, results.Options{Alpha: Alpha, MinPairs: 8, Margin: 0.03, Unit: "ns/op"})
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

// Power is how often a known slow-down was found.
type Power struct {
	Slower   float64 `json:"slower"` // of the section's own work
	Observed float64 `json:"observed"`
	Pairs    int     `json:"pairs"`
	Found    int     `json:"found"`
}

// RunPower compares an implementation with itself under a section whose work is longer by a known share, at
// one goroutine, where the whole of it shows.
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
		p.Observed = median(ratios) - 1
		out = append(out, p)
	}
	return out, nil
}

// powerHold is the section's work in the power test, ns: long beside the lock, so that a share of it is
// a share of the turn.
const powerHold = 1000

// paired measures both names in rounds and compares them.
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
	return results.Paired("null", sides[0], sides[1], results.Options{Alpha: Alpha, MinPairs: 8, Margin: 0.03, Unit: "ns/op"}), nil
}

// sequential measures one side wholly before the other, in a process each, a sample a window.
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
	row := results.Unpaired("null", sides[0], sides[1], results.Options{Alpha: Alpha, MinPairs: 8, Margin: 0.03, Unit: "ns/op"})
	return row.P, row.Ratio, nil
}

func nullSpec(n, windows int, seed uint64) harness.Spec {
	return harness.Spec{
		Cell: cell("lock", n, 0), Round: 1, Seed: seed, SpinsPerNs: 1, Warm: 5 * time.Millisecond, Length: 10 * time.Millisecond,
		Windows: windows, Grace: 10 * time.Second, NoProbe: true,
	}
}

func (o NullOptions) run(ctx context.Context, spec harness.Spec) (results.Trial, error) {
	out, err := harness.Run(ctx, o.Executable, spec, time.Minute)
	if err != nil {
		return results.Trial{}, err
	}
	if out.Status != results.Ok {
		return results.Trial{}, &TrialError{out.Trial}
	}
	return out.Trial, nil
}

// TrialError says that a trial of the self test itself went wrong.
type TrialError struct{ Trial results.Trial }

func (e *TrialError) Error() string {
	return "selftest: " + e.Trial.Name() + ": " + string(e.Trial.Status) + ": " + e.Trial.Reason
}
