package selftest

import (
	"math/rand/v2"
	"os"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/harness/layout"
	"github.com/contendbench/contend/results"
)

func TestMain(m *testing.M) {
	if child.Is() {
		os.Exit(child.Main([]harness.Suite{Suite()}))
	}
	os.Exit(m.Run())
}

// The ranges are the central 95 % of binomial distributions, from a table.
func TestBinomialRange(t *testing.T) {
	for _, c := range []struct {
		n         int
		p         float64
		low, high int
	}{{200, 0.05, 4, 16}, {10, 0.05, 0, 2}, {10, 0.5, 2, 8}, {0, 0.05, 0, 0}} {
		if low, high := binomialRange(c.n, c.p); low != c.low || high != c.high {
			t.Errorf("binomial(%d, %v): got %d to %d, want %d to %d", c.n, c.p, low, high, c.low, c.high)
		}
	}
}

func TestConsistent(t *testing.T) {
	n := Null{
		LowExpected: 4, HighExpect: 16, HighClaims: 2,
		Rounds: Pairs{Different: 10, RunsClaim: 1}, Layouts: Pairs{Different: 2, RunsClaim: 1},
	}
	if !n.Consistent() {
		t.Errorf("got %+v not consistent, want consistent", n)
	}
	for _, change := range []func(*Null){
		func(n *Null) { n.Rounds.Different = 40 }, func(n *Null) { n.Rounds.Different = 0 },
		func(n *Null) { n.Rounds.RunsClaim = 5 },
		func(n *Null) { n.Layouts.Different = 40 }, func(n *Null) { n.Layouts.RunsClaim = 5 },
	} {
		bad := n
		change(&bad)
		if bad.Consistent() {
			t.Errorf("got %+v consistent, want not", bad)
		}
	}
}

// One pair of each test runs end to end. The figures depend on the machine, so this
// checks only that they are plausible.
func TestPairs(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o := NullOptions{Executable: self, Pairs: 1, Goroutines: []int{2}, Seed: 1}
	null, err := RunNull(t.Context(), o)
	if err != nil || len(null) != 1 || null[0].Pairs != 1 || null[0].HighExpect < 1 {
		t.Errorf("got %+v and error %v, want one pair", null, err)
	}
	row, err := o.sequential(t.Context(), 2, rand.New(rand.NewPCG(1, 1)))
	if err != nil || row.P <= 0 || row.P >= 1 {
		t.Errorf("one side after the other: got p = %v and error %v, want 0 < p < 1", row.P, err)
	}
	power, err := RunPower(t.Context(), o, 3) // so long that a busy machine cannot hide it
	if err != nil || len(power) != 1 || power[0].Observed <= 0.1 {
		t.Errorf("a section four times as long: got %+v and error %v, want an observed 10 %% at least", power, err)
	}
}

// A pair of other layouts has as many as it has trials. The third half counts it.
func TestPairsOfOtherLayouts(t *testing.T) {
	p := &pool{}
	for i := range poolSize {
		p.linked = append(p.linked, layout.Executable{Number: uint64(i + 1)})
	}
	numbers := map[uint64]bool{}
	for _, side := range p.draw(rand.New(rand.NewPCG(1, 1))) {
		for _, e := range side {
			numbers[e.Number] = true
		}
	}
	if len(numbers) != sides*pairRounds {
		t.Errorf("got %d layouts, want %d", len(numbers), sides*pairRounds)
	}
	var half Pairs
	for i := range rowsPerRun {
		half.add(results.Comparison{P: float64(1+i) / 20 * 0.0999, N: pairRounds, Ratio: 1.2, Low: 1.1, High: 1.3})
	}
	half.correct()
	if half.Different != 10 || half.Runs != 1 || half.RunsClaim != 0 {
		t.Errorf("got %+v, want 10 pairs at p < 0.05 in one run, and no claim", half)
	}
}

// A difference within the floor that two runs of the base show is not claimed.
func TestTheFloorBoundsClaims(t *testing.T) {
	for floor, want := range map[float64]int{0: 2, 0.15: 2, 0.25: 0} {
		var pairs Pairs
		for i := range rowsPerRun {
			row := results.Comparison{P: 0.5, N: pairRounds, Ratio: 1, Low: 0.9, High: 1.1}
			if i < 2 {
				row = results.Comparison{P: 0.0001, N: pairRounds, Ratio: 1.2, Low: 1.1, High: 1.3, Floor: floor}
			}
			pairs.add(row)
		}
		pairs.correct()
		if pairs.Claims != want || (pairs.RunsClaim == 1) != (want > 0) {
			t.Errorf("floor %v: got %d claims in %d runs, want %d", floor, pairs.Claims, pairs.RunsClaim, want)
		}
	}
}

func TestCostsHaveUnits(t *testing.T) {
	figures, err := Costs(t.Context())
	if err != nil {
		t.Fatalf("got error %v, want none", err)
	}
	seen := map[string]bool{}
	for _, f := range figures {
		if f.Unit == "" || f.About == "" || seen[f.Name] {
			t.Errorf("got %+v, want a new name with a unit and a description", f)
		}
		seen[f.Name] = true
	}
	for _, name := range []string{
		"loop-bare", "loop-testing-b", "loop-next", "sampling-64", "clock-since", "two-copies", "stolen",
		"open-loop-1-use-1%", "open-loop-64-use-50%", "open-loop-64-keeps",
	} {
		if !seen[name] {
			t.Errorf("got %v, want a figure %s", figures, name)
		}
	}
}

// The rate that is kept is the highest up to which every rate is punctual.
func TestKeepsTheRatesThatArePunctual(t *testing.T) {
	for _, c := range []struct {
		p99  []float64
		want float64
	}{
		{[]float64{1e3, 2e3, 1e5}, 500},
		{[]float64{1e3, 2e3, 1.1e5}, 100},
		{[]float64{1e3, 2e5, 1e3}, 10},
		{[]float64{2e5, 1e3, 1e3}, 0},
	} {
		if got := kept([]float64{10, 100, 500}, c.p99); got != c.want {
			t.Errorf("p99 of %v: got a rate of %v, want %v", c.p99, got, c.want)
		}
	}
}
