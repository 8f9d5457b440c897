package selftest

import (
	"math/rand/v2"
	"os"
	"testing"

	"github.com/contendbench/contend/harness"
)

func TestMain(m *testing.M) {
	if harness.IsChild() {
		os.Exit(harness.Child(harness.Rows(Pattern())))
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
			t.Errorf("binomial(%d, %v): %d to %d, want %d to %d", c.n, c.p, low, high, c.low, c.high)
		}
	}
}

func TestConsistent(t *testing.T) {
	n := Null{Different: 10, LowExpected: 4, HighExpect: 16, RunsClaim: 1, HighClaims: 2}
	if !n.Consistent() {
		t.Error("10 of 200 at 5 % is what was promised")
	}
	for _, change := range []func(*Null){
		func(n *Null) { n.Different = 40 }, func(n *Null) { n.Different = 0 }, func(n *Null) { n.RunsClaim = 5 },
	} {
		bad := n
		change(&bad)
		if bad.Consistent() {
			t.Errorf("%+v is consistent", bad)
		}
	}
}

// One pair of each test, end to end: the figures are those of the machine, so only their sense is checked.
func TestPairs(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o := NullOptions{Executable: self, Pairs: 1, Goroutines: []int{2}, Seed: 1}
	null, err := RunNull(t.Context(), o)
	if err != nil || len(null) != 1 || null[0].Pairs != 1 || null[0].HighExpect < 1 {
		t.Errorf("%+v, %v", null, err)
	}
	if p, _, err := o.sequential(t.Context(), 2, rand.New(rand.NewPCG(1, 1))); err != nil || p <= 0 || p >= 1 {
		t.Errorf("one side after the other: p = %v, %v", p, err)
	}
	power, err := RunPower(t.Context(), o, 3) // so much that a busy machine cannot hide it
	if err != nil || len(power) != 1 || power[0].Observed <= 0.1 {
		t.Errorf("a section four times as long does not show: %+v, %v", power, err)
	}
}

func TestCostsHaveUnits(t *testing.T) {
	figures, err := Costs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, f := range figures {
		if f.Unit == "" || f.About == "" || seen[f.Name] {
			t.Errorf("%+v", f)
		}
		seen[f.Name] = true
	}
	for _, name := range []string{"loop-bare", "loop-testing-b", "loop-next", "sampling-64", "clock-since", "two-copies", "stolen"} {
		if !seen[name] {
			t.Errorf("no %s", name)
		}
	}
}
