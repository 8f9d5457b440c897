package results

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// duel is a run of three counters at one point with eight workers; quick has the shortest
// turns. change may add values to a trial, or take them.
func duel(rounds int, change func(*Trial)) *Run {
	rng := rand.New(rand.NewPCG(7, 7))
	run := &Run{Info: Info{State: "complete", Works: []WorkInfo{{Contract: "mutex", Name: "counter"}}}}
	for impl, ns := range map[string]float64{"quick": 50, "sync": 100, "slow": 300} {
		for _, t := range trials(impl, around(rng, rounds, ns, 0.02)...) {
			delete(t.Values, "p99-ns")
			t.Turns, t.Workers = 100_000, 8
			change(&t)
			run.Trials = append(run.Trials, t)
		}
	}
	slices.SortFunc(run.Trials, func(a, b Trial) int { return strings.Compare(a.Impl, b.Impl) })
	return run
}

// fair gives a trial the values of a fairness window and of latency windows.
func fair(t *Trial) {
	t.Values["jain"], t.Values["starved"], t.Values["wait-max-ns"], t.Values["fair-ms"] = 0.98, 0, 5e7, 200
	t.Values["p99-ns"], t.Values["max-ns"] = 2e3, 4e5
}

func TestAVerdictNamesOnlyWhatWasMeasured(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Trial)
		want   string
	}{
		{"nothing", func(*Trial) {}, "the fastest here; fairness, longest wait and tail not measured here"},
		{"latency only", func(t *Trial) {
			t.Values["p99-ns"], t.Values["max-ns"] = 2e3, 4e5
		}, "the fastest here; fairness not measured here"},
		{"all", fair, "the fastest here of those that starve no worker"},
		{"one worker", func(t *Trial) {
			t.Workers, t.Values["p99-ns"], t.Values["max-ns"] = 1, 2e3, 4e5
		}, "the fastest here"},
		{"some rows", func(t *Trial) {
			if fair(t); t.Impl == "slow" {
				delete(t.Values, "jain")
				delete(t.Values, "starved")
			}
		}, "the fastest here; fairness measured for 2 of 3 rows here"},
		{"some trials have the percentile", func(t *Trial) {
			if fair(t); t.Round%2 == 0 {
				delete(t.Values, "p99-ns")
			}
		}, "the fastest here of those that starve no worker; tail not measured here"},
	} {
		if got := textOf(oneVerdict(t, duel(12, c.change)), "quick"); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// A short mean does not make up for turns that sleep, for starvation, or for a tail.
func TestWhatKeepsARowFromWinning(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Trial)
		reason string // "": it wins
	}{
		{
			"it sleeps 300 ms in single turns", func(t *Trial) { t.Values["wait-max-ns"] = 2.9e8 },
			"longest wait 290 ms where that of sync is 50 ms (over 40 ms in 12 of 12 trials)",
		},
		{"as long as the others while all wait for processors", func(t *Trial) { t.Values["wait-max-ns"] = 1.2e8 }, ""},
		{"it has no fairness window, but a sampled latency of 300 ms", func(t *Trial) {
			t.Values["max-ns"] = 3e8
		}, ""},
		{
			"its 99th percentile is a sleep", func(t *Trial) { t.Values["p99-ns"] = 1e7 },
			"median of the trials' p99 10 ms where the median of the others is 2 µs",
		},
		{"its 99th percentile is longer, but short", func(t *Trial) { t.Values["p99-ns"] = 1e5 }, ""},
		{"workers starve", func(t *Trial) { t.Values["starved"] = 2 }, "2 workers got no turn in 200 ms"},
		{"it is unfair", func(t *Trial) { t.Values["jain"] = 0.37 }, "Jain's index is 0.37 where the fairest has 0.98"},
		{"few turns", func(t *Trial) { t.Turns = 4 }, "only 4 turns in a trial"},
	} {
		v := oneVerdict(t, duel(12, func(t *Trial) {
			if fair(t); t.Impl == "quick" {
				c.change(t)
			}
		}))
		row := v.Rows[slices.IndexFunc(v.Rows, func(r RowVerdict) bool { return r.Impl == "quick" })]
		want := []string{"sync"}
		if c.reason == "" {
			want = []string{"quick"}
		}
		if !slices.Equal(v.Best, want) || row.Out != c.reason || !strings.Contains(row.Text, c.reason) {
			t.Errorf("%s: got best %q, reason %q and text %q, want %q and %q",
				c.name, v.Best, row.Out, row.Text, want, c.reason)
		}
	}
}

// A reason that one trial gives says so.
func TestAReasonOfOneTrialSaysSo(t *testing.T) {
	v := oneVerdict(t, duel(12, func(t *Trial) {
		if fair(t); t.Impl == "quick" {
			t.Values["wait-max-ns"] = 2.9e8
		}
		if t.Round > 1 {
			delete(t.Values, "wait-max-ns")
		}
	}))
	if text, want := textOf(v, "quick"), "50 ms (in its only trial with that window)"; !strings.Contains(text, want) {
		t.Errorf("got %q, want %q in it", text, want)
	}
}

// A lock of long turns that serves all workers in order makes each wait for the others.
func TestALongWaitThatTurnsExplain(t *testing.T) {
	v := oneVerdict(t, duel(12, func(t *Trial) {
		if fair(t); t.Impl == "slow" {
			t.Values["ns/op"], t.Values["wait-max-ns"] = 3e7, 3e8
		}
	}))
	if row := v.Rows[len(v.Rows)-1]; row.Impl != "slow" || row.Out != "" {
		t.Errorf("got %s out for %q, want slow, which is not out", row.Impl, row.Out)
	}
}

// Where no fairness window was measured, the longest sampled latency takes its place.
func TestALongSampledLatencyKeepsARowFromWinning(t *testing.T) {
	v := oneVerdict(t, duel(12, func(t *Trial) {
		if t.Values["max-ns"] = 4e5; t.Impl == "quick" {
			t.Values["max-ns"] = 2e8
		}
	}))
	text, want := textOf(v, "quick"), "longest sampled latency 200 ms"
	if !slices.Equal(v.Best, []string{"sync"}) || !strings.Contains(text, want) {
		t.Errorf("got best %q and %q, want sync, and %q", v.Best, text, want)
	}
}

func TestAPointWithoutEvidenceHasNoWinner(t *testing.T) {
	few := duel(5, fair)
	shared := duel(12, func(t *Trial) {
		fair(t)
		t.Layout = uint64(1 + t.Round%5)
	})
	stopped := duel(12, fair)
	stopped.Info.State = "interrupted"
	lone := duel(12, fair)
	lone.Trials = slices.DeleteFunc(lone.Trials, func(t Trial) bool { return t.Impl != "quick" })
	for want, run := range map[string]*Run{
		"5 rounds cannot distinguish rows; at least 8 are needed":  few,
		"5 layouts cannot distinguish rows; at least 8 are needed": shared,
		"the run was interrupted":                                  stopped,
		"no other row has numbers here":                            lone,
	} {
		v := oneVerdict(t, run)
		text := textOf(v, "quick")
		if v.Unclear != want || strings.Contains(text, "fastest") || !strings.Contains(text, want) {
			t.Errorf("got reason %q and text %q, want %q and no claim", v.Unclear, text, want)
		}
	}
	if v := oneVerdict(t, duel(12, fair)); v.Unclear != "" {
		t.Errorf("12 complete rounds: got reason %q, want none", v.Unclear)
	}
}

// A row that is level with the winner takes the claim to be the fastest away from it.
func TestATieIsNotCalledTheFastest(t *testing.T) {
	v := oneVerdict(t, duel(12, func(t *Trial) {
		if fair(t); t.Impl == "sync" {
			t.Values["ns/op"] /= 2
		}
	}))
	text := textOf(v, v.Best[0])
	tied := len(v.Best) == 2 && strings.Contains(text, "not distinguished from "+v.Best[1])
	if !tied || strings.Contains(text, "fastest") {
		t.Errorf("got best %q and %q, want two rows and no fastest one", v.Best, text)
	}
}

// The ratio of a verdict is that of rounds. Where the medians have another one, the text
// says so.
func TestARatioSaysWhatItIsOf(t *testing.T) {
	v := oneVerdict(t, duel(12, fair))
	if text := textOf(v, "slow"); !strings.Contains(text, "times as long as quick in the same rounds (") ||
		strings.Contains(text, "medians") {
		t.Errorf("got %q, want the ratio in the same rounds alone", text)
	}
	c := &Comparison{NewMedian: 31, OldMedian: 1, Low: 700, High: 900}
	if got, want := c.OfMedians(), "; the ratio of the medians is 31"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Too few rounds for one row among all to be told apart are too few to call the others
// unbeaten. A point that is told apart all the same has a winner.
func TestRoundsThatCannotTellOneRowApart(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	level := func(t *Trial) {
		fair(t)
		t.Values["ns/op"] = 50 * (1 + 0.3*rng.Float64())
	}
	for rounds, want := range map[int]string{
		8: "8 rounds cannot tell one row among 2 apart; 17 can", 9: "",
	} {
		if got := oneVerdict(t, duel(rounds, level)).Unclear; got != want {
			t.Errorf("%d rounds of level rows: got %q, want %q", rounds, got, want)
		}
	}
	if got := oneVerdict(t, duel(8, fair)).Unclear; got != "" {
		t.Errorf("8 rounds that tell rows apart: got %q, want a winner", got)
	}
}

// A side so slow that no turn finished in some trial is not saved by that: its turns took
// at least as long as the window. A window shorter than the other side's turns says
// nothing.
func TestATrialWithoutATurnBoundsItsPair(t *testing.T) {
	compare := func(windowNs float64, slowIsNew bool) Comparison {
		rng := rand.New(rand.NewPCG(5, 5))
		fast, slow := trials("mcs", around(rng, 12, 100, 0.02)...), trials("mcs", around(rng, 12, 40_000, 0.02)...)
		for i := range fast {
			fast[i].Turns, slow[i].Turns = 1000, 1000
		}
		delete(slow[4].Values, "ns/op")
		slow[4].Turns, slow[4].Values[emptyWindows], slow[4].Values[emptyMs] = 0, 2, 2*windowNs/1e6
		if !slowIsNew {
			fast, slow = slow, fast
		}
		rows := []Comparison{Paired("x", fast, slow, Options{})}
		Adjust(rows, Options{})
		return rows[0]
	}
	for _, slowIsNew := range []bool{true, false} {
		if c := compare(1e7, slowIsNew); c.Outcome != Different || c.N != 12 || c.Bounds != 1 || c.Regression() != slowIsNew {
			t.Errorf("the slow side is new: %v: got %+v, want a difference of 12 pairs with 1 bound", slowIsNew, c)
		}
	}
	if c := compare(50, true); c.Outcome != Inconclusive || c.Void != 1 || c.Bounds != 0 {
		t.Errorf("a window shorter than the turns: got %+v, want a pair without a ratio", c)
	}
}
