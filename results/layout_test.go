package results

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// laid returns trials with the values that layouts of their own cost, and with noise.
// layout gives the layout of a round.
func laid(rng *rand.Rand, n int, layout func(round int) uint64, cost map[uint64]float64) []Trial {
	values := make([]float64, n)
	for i := range values {
		number := layout(i + 1)
		if _, ok := cost[number]; !ok {
			cost[number] = 0.1 * rng.NormFloat64()
		}
		values[i] = 100 * math.Exp(cost[number]+0.02*rng.NormFloat64())
	}
	out := trials("sync", values...)
	for i := range out {
		out[i].Layout = layout(i + 1)
	}
	return out
}

// Where layouts are fewer than rounds, the layout is the unit of analysis.
func TestPairsOfALayoutAreOneObservation(t *testing.T) {
	own := func(round int) uint64 { return uint64(round) }
	four := func(round int) uint64 { return uint64(1 + round%4) }
	one := func(int) uint64 { return 0 }
	for _, c := range []struct {
		name       string
		old, new   func(int) uint64
		n, layouts int
	}{
		{"a layout each round", own, own, 40, 0},
		{"none recorded", one, one, 40, 0},
		{"one against many", one, own, 40, 0},
		{"four on one side", own, four, 4, 4},
		{"four on both sides", four, four, 4, 4},
		{"one against four", one, four, 4, 4},
	} {
		rng := rand.New(rand.NewPCG(1, 1))
		old := laid(rng, 40, c.old, map[uint64]float64{})
		row := []Comparison{Paired("row", old, laid(rng, 40, c.new, map[uint64]float64{}), Options{Unit: "ns/op"})}
		Adjust(row, Options{})
		if row[0].N != c.n || row[0].Layouts != c.layouts {
			t.Errorf("%s: got %d observations of %d layouts, want %d of %d", c.name, row[0].N, row[0].Layouts, c.n, c.layouts)
		}
		if c.layouts > 0 && (row[0].Outcome != Inconclusive || !strings.Contains(row[0].Reason, "4 layouts")) {
			t.Errorf("%s: got %s (%s), want inconclusive for 4 layouts", c.name, row[0].Outcome, row[0].Reason)
		}
	}
}

func TestTheObservationOfALayoutIsItsMedian(t *testing.T) {
	pairs := []layoutPair{{1, 11}, {2, 12}, {1, 13}, {3, 14}, {4, 14}, {1, 15}}
	got, layouts := byLayout([]float64{1, 2, 3, 4, 8, 9}, pairs)
	if layouts != 3 || len(got) != 3 || got[0]+got[1]+got[2] != 3+2+6 {
		t.Errorf("got %v of %d layouts, want 3 (of 1, 3 and 9), 2, and 6 (of 4 and 8)", got, layouts)
	}
}

// Sixteen layouts that serve four rounds each are sixteen observations: among pairs of
// one source, the test keeps its error rate. By rounds it would not.
func TestReusedLayoutsKeepTheErrorRate(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	reused := func(round int) uint64 { return uint64(1 + round%16) }
	const tries, alpha = 400, 0.05
	byLayouts, byRounds := 0, 0
	for range tries {
		old := laid(rng, 64, reused, map[uint64]float64{})
		new := laid(rng, 64, reused, map[uint64]float64{})
		if Paired("row", old, new, Options{Unit: "ns/op"}).P < alpha {
			byLayouts++
		}
		for i := range new { // as if every round had its own
			old[i].Layout, new[i].Layout = uint64(i), uint64(i)
		}
		if Paired("row", old, new, Options{Unit: "ns/op"}).P < alpha {
			byRounds++
		}
	}
	if limit := binomialLimit(tries, alpha); float64(byLayouts) > limit {
		t.Errorf("by layouts: got %d of %d at p < %v, want at most %.0f", byLayouts, tries, alpha, limit)
	}
	if byRounds < 100 {
		t.Errorf("by rounds: got %d of %d, want at least 100: the test shows nothing else", byRounds, tries)
	}
}

// The floor of a duet is what two layouts of the base show, and one layout is warned of.
func TestTheFloorOfADuet(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	own := func(first uint64) func(int) uint64 { return func(round int) uint64 { return first + uint64(round) } }
	run := &Run{Info: Info{OneLayout: "one layout of head (because)"}}
	for i, side := range []string{Base, BaseAgain, Head} {
		for _, trial := range laid(rng, 16, own(uint64(100*i)), map[uint64]float64{}) {
			trial.Side = side
			run.Trials = append(run.Trials, trial)
		}
	}
	rows := DuetOf(run, Options{})
	if len(rows) != 1 || rows[0].Floor < 0.01 || rows[0].Floor > 0.3 {
		t.Fatalf("got %+v, want one row with a floor of some percent", rows)
	}
	if text := strings.Join(rows[0].Warnings, "\n"); !strings.Contains(text, "one layout of head (because)") {
		t.Errorf("got warnings %q, want one layout among them", text)
	}
	old := &Run{}
	for _, trial := range run.Trials {
		if trial.Side != BaseAgain {
			old.Trials = append(old.Trials, trial)
		}
	}
	if rows := DuetOf(old, Options{}); len(rows) != 1 || rows[0].Floor != 0 {
		t.Errorf("a duet of an older version: got %+v, want one row without a floor", rows)
	}
}
