package selftest

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/harness/layout"
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
	Source     *layout.Source // of the executable; nil: there are no pairs of other layouts
	Pairs      int
	Goroutines []int
	Seed       uint64
	Progress   func(done, of int, what string)
}

// Null is the result of comparing one implementation with itself.
type Null struct {
	Goroutines  int
	Pairs       int
	LowExpected int // 95 % range of different pairs if Alpha is right
	HighExpect  int
	HighClaims  int   // 95 % upper limit of runs with a claim if Alpha is right
	Rounds      Pairs // of one executable, in rounds
	Layouts     Pairs // of one source, linked anew for each side of each round; zero without Source
	Sequential  Pairs // of one executable, all of A before all of B; they are not corrected
}

// Pairs counts what was claimed of pairs without a difference.
type Pairs struct {
	Different int // with p < Alpha, before correction
	Runs      int // of rowsPerRun pairs
	Claims    int // after correction at Alpha, and beyond the A/A floor
	RunsClaim int // with a claim
	Worst     float64

	rows []results.Comparison
}

// Consistent reports whether the numbers of false differences fit Alpha.
func (n Null) Consistent() bool {
	return n.Rounds.Different >= n.LowExpected && n.most(n.Rounds) && n.most(n.Layouts)
}

func (n Null) most(p Pairs) bool { return p.Different <= n.HighExpect && p.RunsClaim <= n.HighClaims }

func (p *Pairs) add(row results.Comparison) {
	p.rows = append(p.rows, row)
	if row.P < Alpha {
		p.Different++
	}
	p.Worst = max(p.Worst, max(row.Ratio, 1/row.Ratio)-1)
}

// correct corrects the pairs of each run together.
func (p *Pairs) correct() {
	for first := 0; first+rowsPerRun <= len(p.rows); first += rowsPerRun {
		run := p.rows[first : first+rowsPerRun]
		results.Adjust(run, options)
		p.Runs++
		claims := 0
		for _, r := range run {
			if r.Outcome == results.Different {
				claims++
			}
		}
		if p.Claims += claims; claims > 0 {
			p.RunsClaim++
		}
	}
}

// RunNull compares one implementation with itself, many times. It measures each pair in
// rounds of fresh processes, as contend run does; in rounds of executables of the same
// source in other layouts, as a duet does; and one side after the other in two processes,
// as two calls of go test do.
func RunNull(ctx context.Context, o NullOptions) ([]Null, error) {
	out := make([]Null, len(o.Goroutines))
	rng := rand.New(rand.NewPCG(o.Seed, 5))
	err := o.eachPair(ctx, "null test", func(pool *pool) error {
		for at, n := range o.Goroutines {
			if err := o.nullPair(ctx, n, pool, &out[at], rng); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for at, n := range o.Goroutines {
		res := &out[at]
		res.Goroutines, res.Pairs = n, o.Pairs
		res.Rounds.correct()
		res.Layouts.correct()
		res.LowExpected, res.HighExpect = binomialRange(res.Pairs, Alpha)
		_, res.HighClaims = binomialRange(res.Rounds.Runs, Alpha)
	}
	return out, nil
}

// eachPair calls f for every pair, with the executables that it may draw from. The pairs
// of a run share them.
func (o NullOptions) eachPair(ctx context.Context, what string, f func(*pool) error) error {
	pool, err := o.newPool()
	if err != nil {
		return err
	}
	defer pool.close()
	for i := range o.Pairs {
		if i%rowsPerRun == 0 {
			if err := pool.refill(ctx); err != nil {
				return err
			}
		}
		if err := f(pool); err != nil {
			return err
		}
		if o.Progress != nil {
			o.Progress(i+1, o.Pairs, what)
		}
	}
	return nil
}

// nullPair adds a pair of each kind.
func (o NullOptions) nullPair(ctx context.Context, n int, pool *pool, res *Null, rng *rand.Rand) error {
	row, err := o.paired(ctx, n, 0, o.itself(), rng)
	if err != nil {
		return err
	}
	res.Rounds.add(row)
	if o.Source != nil {
		if row, err = o.paired(ctx, n, 0, pool.draw(rng), rng); err != nil {
			return err
		}
		res.Layouts.add(row)
	}
	if row, err = o.sequential(ctx, n, rng); err != nil {
		return err
	}
	res.Sequential.add(row)
	return nil
}

// Power is the result of looking for a slow-down of known size.
type Power struct {
	Slower   float64 // how much longer the section's work is, as a share
	Observed float64
	Pairs    int
	Found    int
}

// RunPower compares an implementation with itself when the section's work is longer by a
// known share. It uses one goroutine, so that the whole effect shows. With a Source, every
// side of every round has a layout of its own.
func RunPower(ctx context.Context, o NullOptions, shares ...float64) ([]Power, error) {
	out := make([]Power, len(shares))
	ratios := make([][]float64, len(shares))
	rng := rand.New(rand.NewPCG(o.Seed, 6))
	err := o.eachPair(ctx, "power test", func(pool *pool) error {
		for at, share := range shares {
			sides := o.itself()
			if o.Source != nil {
				sides = pool.draw(rng)
			}
			row, err := o.paired(ctx, 1, share, sides, rng)
			if err != nil {
				return err
			}
			if row.P < Alpha && row.Ratio > 1 {
				out[at].Found++
			}
			ratios[at] = append(ratios[at], row.Ratio)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for at, share := range shares {
		out[at].Slower, out[at].Pairs, out[at].Observed = share, o.Pairs, results.Median(ratios[at])-1
	}
	return out, nil
}

// powerHold is the section's work in the power test, in ns. It is long compared with the
// lock, so a share of it is about the same share of a turn.
const powerHold = 1000

// paired measures the sides in rounds, in a random order in each, and compares them as a
// duet does.
func (o NullOptions) paired(
	ctx context.Context, n int, slower float64, by pairOf, rng *rand.Rand,
) (results.Comparison, error) {
	var trials [sides][]results.Trial
	for round := 1; round <= pairRounds; round++ {
		for _, side := range rng.Perm(sides) {
			spec := nullSpec(n, 2, rng.Uint64())
			spec.Round = round
			if slower > 0 {
				spec.Cell = cell("lock", n, powerHold)
			}
			if side == head && slower > 0 {
				spec.Slower = 1 + slower
			}
			trial, err := run(ctx, by[side][round-1], spec)
			if err != nil {
				return results.Comparison{}, err
			}
			trials[side] = append(trials[side], trial)
		}
	}
	c := results.Paired("null", trials[base], trials[head], options)
	c.Floor = results.FloorOf(values(trials[base]), values(trials[again]), c.N, o.Seed)
	return c, nil
}

func values(trials []results.Trial) []float64 {
	var all []float64
	for _, t := range trials {
		all = append(all, t.Values["ns/op"])
	}
	return all
}

// sequential measures one side before the other, each in one process, with one sample per
// window.
func (o NullOptions) sequential(ctx context.Context, n int, rng *rand.Rand) (results.Comparison, error) {
	var both [2][]results.Trial
	for side := range both {
		trial, err := run(ctx, layout.Executable{Path: o.Executable}, nullSpec(n, sequentialCount+1, rng.Uint64()))
		if err != nil {
			return results.Comparison{}, err
		}
		for i, v := range trial.Windows {
			t := trial
			t.Round, t.Values = i+1, map[string]float64{"ns/op": v}
			both[side] = append(both[side], t)
		}
	}
	return results.Unpaired("null", both[0], both[1], options), nil
}

func nullSpec(n, windows int, seed uint64) harness.Spec {
	return harness.Spec{
		Cell: cell("lock", n, 0), Round: 1, Seed: seed, SpinsPerNs: 1,
		Warm: 5 * time.Millisecond, Length: 10 * time.Millisecond, Windows: windows,
		Grace: 10 * time.Second, NoProbe: true,
	}
}

func run(ctx context.Context, e layout.Executable, spec harness.Spec) (results.Trial, error) {
	out, err := child.Run(ctx, e.Path, spec, time.Minute)
	if err != nil {
		return results.Trial{}, err
	}
	if out.Status != results.Ok {
		return results.Trial{}, &TrialError{out.Trial}
	}
	out.Layout = e.Number
	return out.Trial, nil
}

// TrialError is the error of a failed trial of the self test.
type TrialError struct{ Trial results.Trial }

func (e *TrialError) Error() string {
	return "running " + e.Trial.Name() + ": " + string(e.Trial.Status) + ": " + e.Trial.Reason
}
