package results

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// openLoop is a run at a rate in which each implementation has the trials that make says.
// Their generator is punctual, and there are 12 rounds.
func openLoop(make map[string]func(t *Trial)) *Run {
	run := &Run{Info: Info{State: "complete", Works: []WorkInfo{{Contract: "mutex", Name: "counter"}}}}
	for _, impl := range []string{"a", "b", "c"} {
		change, ok := make[impl]
		for round := range 12 {
			t := Trial{
				Cell: Cell{
					Contract: "mutex", Work: "counter", Impl: impl, Procs: 2, Params: []Param{{RateKey, "20000"}},
				},
				Round: round + 1, Status: Ok, Turns: 1300,
				Values: map[string]float64{"samples": 1300, generatorP99: 10},
			}
			if ok {
				change(&t)
				run.Trials = append(run.Trials, t)
			}
		}
	}
	return run
}

// slowIn gives the latencies of a trial: 1 % are long, in the slow rounds much longer.
func slowIn(t *testing.T, slow func(round int) bool, typical, slowest int64) func(*Trial) {
	return func(tr *Trial) {
		long := typical
		if slow(tr.Round) {
			long = slowest
		}
		tr.Hist = encoded(t, 2000, typical, long)
		if slow(tr.Round) { // most turns
			tr.Hist = encoded(t, 2000, long, long)
		}
		tr.Values["samples"], tr.Values["p99-ns"], tr.Values["max-ns"] = 2000, float64(long), float64(long)
	}
}

// A row with a few slow trials has the p99 of all its turns, wherever that is shown. The
// median of the trials' p99 would leave the slow trials out.
func TestAVerdictRanksByTheFigureThatTheTableShows(t *testing.T) {
	never := func(int) bool { return false }
	rare := func(round int) bool { return round%4 == 0 }
	run := openLoop(map[string]func(*Trial){
		"a": slowIn(t, rare, 20_000, 6_000_000), "b": slowIn(t, never, 50_000, 0), "c": slowIn(t, never, 90_000, 0),
	})
	v := oneVerdict(t, run)
	if len(v.Best) == 0 || v.Best[0] != "b" || v.Rows[2].Impl != "a" {
		t.Errorf("got best %q and last %s, want b, and a last: its p99 is 6 ms", v.Best, v.Rows[2].Impl)
	}
	for i, row := range v.Rows {
		all := Rows(run.Trials)
		at := slices.IndexFunc(all, func(r Row) bool { return r.Impl == row.Impl })
		shown, ok := all[at].Figure("p99-ns")
		if !ok || row.Value.Median != shown || row.Value.Low > shown || row.Value.High < shown || row.Value.N != 12 {
			t.Errorf("row %d, %s: got %+v, want the figure %v of 12 trials within its interval", i, row.Impl, row.Value, shown)
		}
	}
	if a := v.Rows[2]; a.Value.Low >= a.Value.High {
		t.Errorf("got interval %v to %v of a row of two kinds of trials, want one", a.Value.Low, a.Value.High)
	}
	for _, r := range v.Rows {
		if strings.Contains(r.Text, "median here") {
			t.Errorf("%s: got %q, want no word of a median", r.Impl, r.Text)
		}
	}
}

// A generator that came late in the trials which make the tail has made the tail.
func TestALateGeneratorInFewTrialsMakesTheTail(t *testing.T) {
	rare := func(round int) bool { return round%4 == 0 }
	late := slowIn(t, rare, 20_000, 6_000_000)
	never := func(int) bool { return false }
	run := openLoop(map[string]func(*Trial){
		"a": func(tr *Trial) {
			if late(tr); rare(tr.Round) {
				tr.Values[generatorP99] = 5e6
			}
		},
		"b": slowIn(t, never, 50_000, 0), "c": slowIn(t, never, 90_000, 0),
	})
	v := oneVerdict(t, run)
	const want = "over 5 ms late in 3 of 12 trials"
	if text := textOf(v, "a"); !strings.Contains(text, want) || !strings.Contains(text, "p99 is 6") {
		t.Errorf("got %q, want %q and the row's own p99, about 6 ms", text, want)
	}
}

// Trials that had too few turns for a percentile were the slow ones.
func TestARowThatLacksThePercentileInTrialsIsNotRanked(t *testing.T) {
	every := func(v float64) func(*Trial) {
		return func(tr *Trial) { tr.Values["p99-ns"], tr.Values["max-ns"] = v*(1+0.001*float64(tr.Round%3)), 2*v }
	}
	half := func(tr *Trial) {
		if tr.Values["max-ns"] = 3e4; tr.Round%2 == 0 {
			tr.Values["max-ns"] = 3e6
		} else {
			tr.Values["p99-ns"] = 2e4
		}
	}
	v := oneVerdict(t, openLoop(map[string]func(*Trial){"a": half, "b": every(5e4), "c": every(9e4)}))
	last := v.Rows[len(v.Rows)-1]
	const want = "6 of 12 trials had too few turns for a p99-ns"
	if !slices.Equal(v.Best, []string{"b"}) || last.Impl != "a" || last.Value.N != 0 || !strings.Contains(last.Out, want) {
		t.Errorf("got best %q and last %+v, want b, and a, which is not ranked: %q", v.Best, last, want)
	}
}

// waitsOver makes a run of counters with the longest wait of each, in ms, and a turn's
// wall and processor time, in ns. It has a fairness window in the first round.
func waitsOver(goroutines int, rows map[string][3]float64) *Run {
	run := &Run{Info: Info{State: "complete", Works: []WorkInfo{{Contract: "mutex", Name: "counter"}}}}
	for impl, r := range rows {
		rng := rand.New(rand.NewPCG(7, uint64(len(impl))))
		for _, t := range trials(impl, around(rng, 12, r[1], 0.02)...) {
			delete(t.Values, "p99-ns")
			t.Turns, t.Workers, t.Values["cpu-ns/op"] = 100_000, goroutines, r[2]
			if t.Round == 1 {
				t.Values["jain"], t.Values["starved"], t.Values["wait-max-ns"] = 0.98, 0, r[0]*1e6
			}
			run.Trials = append(run.Trials, t)
		}
	}
	slices.SortFunc(run.Trials, func(a, b Trial) int { return strings.Compare(a.Impl, b.Impl) })
	return run
}

// A lock whose single acquisitions sleep does not win, whatever else waits long.
func TestLocksThatSleepDoNotWin(t *testing.T) {
	for _, c := range []struct {
		name       string
		goroutines int
		rows       map[string][3]float64 // longest wait in ms, ns/op, cpu-ns/op
		winner     string
		out        []string
	}{
		{
			"another row waits long, too", 8, map[string][3]float64{
				"nap": {98, 35, 39}, "channel": {17, 197, 197}, "mcs": {127, 3200, 3200},
			}, "channel", []string{"nap", "mcs"},
		},
		{
			"most rows sleep", 8, map[string][3]float64{
				"nap300": {446, 35, 29}, "nap50": {202, 43, 27}, "stall": {304, 51, 40}, "channel": {8.6, 254, 200},
			}, "channel", []string{"nap300", "nap50", "stall"},
		},
		{
			"64 goroutines, of which each could wait 620 ms for a processor", 64, map[string][3]float64{
				"nap": {610, 30, 30}, "mcs": {2, 50, 50}, "clh": {2, 60, 60},
			}, "mcs", []string{"nap"},
		},
		{
			"it keeps all processors busy, as a spin lock of its speed does", 8, map[string][3]float64{
				"nap": {55, 40, 80}, "ttas": {2, 50, 100},
			}, "ttas", []string{"nap"},
		},
		{
			"counters that never block wait for processors; a lock six times slower is no measure", 8,
			map[string][3]float64{
				"add": {101, 7, 14}, "sharded": {101, 5, 10}, "mutex": {5, 47, 98},
			},
			"sharded", nil,
		},
		{"two time slices", 8, map[string][3]float64{"sync": {24, 18, 20}, "mutex": {5.6, 29, 60}}, "sync", nil},
		{"the machine stalled: the baseline's second name differs as much", 8, map[string][3]float64{
			"sync": {2, 50, 50}, "sync.again": {90, 50, 50}, "fast": {80, 30, 30},
		}, "fast", nil},
	} {
		v := oneVerdict(t, waitsOver(c.goroutines, c.rows))
		var out []string
		for _, r := range v.Rows {
			if strings.Contains(r.Out, "longest wait") {
				out = append(out, r.Impl)
			}
		}
		slices.Sort(out)
		slices.Sort(c.out)
		if !slices.Equal(v.Best, []string{c.winner}) || !slices.Equal(out, c.out) {
			t.Errorf("%s: got best %q and out %q, want %s and %q", c.name, v.Best, out, c.winner, c.out)
		}
	}
}

// Jain's index hides a single worker that gets next to nothing.
func TestAWorkerWithNextToNoShareKeepsARowFromWinning(t *testing.T) {
	v := oneVerdict(t, duel(12, func(t *Trial) {
		fair(t)
		if t.Values["min-share"] = 0.9; t.Impl == "quick" {
			t.Values["jain"], t.Values["min-share"] = 0.9, 0.0005
		}
	}))
	const want = "a worker had 0.0005 of an equal share where the fairest row gave each 0.9"
	if text := textOf(v, "quick"); !slices.Equal(v.Best, []string{"sync"}) || !strings.Contains(text, want) {
		t.Errorf("got best %q and %q, want sync and %q", v.Best, text, want)
	}
}

// The longest latency of a row is that of all its trials, as its table says. A single
// stall of many trials may be the machine's.
func TestTheLongestIsTheLongestOfAllTrials(t *testing.T) {
	for slow, wins := range map[int]bool{5: false, 2: false, 1: true, 0: true} {
		run := duel(12, func(t *Trial) {
			if t.Values["max-ns"] = 3e6; t.Impl == "quick" && t.Round <= slow {
				t.Values["max-ns"] = 9e8
			}
		})
		v := oneVerdict(t, run)
		out := v.Rows[0].Out
		said := strings.Contains(out, "longest sampled latency 900 ms")
		if wins != slices.Equal(v.Best, []string{"quick"}) || said == wins {
			t.Errorf("%d of 12 trials: got best %q, out %q, want quick to win: %v", slow, v.Best, out, wins)
		}
	}
}

func TestNoRowWinsIfAllAreOut(t *testing.T) {
	v := oneVerdict(t, duel(12, func(t *Trial) {
		fair(t)
		t.Values["starved"] = 2
	}))
	if len(v.Best) != 0 || !strings.HasPrefix(v.Unclear, "no row may win here: quick: 2 workers got no turn") {
		t.Errorf("got best %q, reason %q, want none, with the reason of each row", v.Best, v.Unclear)
	}
	for _, r := range v.Rows {
		if strings.Contains(r.Text, "fastest") || !strings.Contains(r.Text, "2 workers got no turn") {
			t.Errorf("%s: got %q, want no claim to win, and why", r.Impl, r.Text)
		}
	}
}

// A winner of 0 beats what is longer, as a comparison says, and there is no ratio.
func TestAWinnerOfZeroBeatsTheOthers(t *testing.T) {
	values := takeovers(4, 90, 50, 200)
	values["fence"] = make([]float64, 12)
	v := oneVerdict(t, crash(values))
	if !slices.Equal(v.Best, []string{"fence"}) || v.Unclear != "" {
		t.Errorf("got best %q (%s), want fence", v.Best, v.Unclear)
	}
	for _, r := range v.Rows[1:] {
		ratio := !math.IsNaN(r.Ratio) || !math.IsNaN(r.Low) || !math.IsNaN(r.High)
		if r.Outcome != Different || ratio || !strings.Contains(r.Text, "where that of fence is 0; 0 has no ratio") {
			t.Errorf("%s: got %s, ratio %v and %q, want different without a ratio", r.Impl, r.Outcome, r.Ratio, r.Text)
		}
	}
}

func TestRowsWithoutACommonRoundHaveNoRatio(t *testing.T) {
	run := duel(12, fair)
	for i := range run.Trials {
		if run.Trials[i].Impl == "slow" {
			run.Trials[i].Round += 20
		}
	}
	run.Info.Impls = []ImplInfo{{Contract: "mutex", Name: "sync", Role: "noop"}}
	for _, r := range oneVerdict(t, run).Rows {
		want := r.Impl == "quick" // the winner's ratio to itself
		if got := !math.IsNaN(r.Ratio); got != want {
			t.Errorf("%s: got ratio %v, want one: %v", r.Impl, r.Ratio, want)
		}
	}
}

// All rows moved by one factor only if each of them may have, and most of them did.
func TestRowsOfDifferentFactorsHaveNoCommonOne(t *testing.T) {
	row := func(ratio, width float64, o Outcome) Comparison {
		return Comparison{Unit: "ns/op", Ratio: ratio, Low: ratio - width, High: ratio + width, Outcome: o, N: 12}
	}
	for _, c := range []struct {
		name string
		rows []Comparison
		want bool
	}{
		{"twice", []Comparison{
			row(1.99, 0.03, Different), row(2, 0.03, Different), row(2.01, 0.03, Different), row(2, 0.03, Different),
		}, true},
		{"one is level", []Comparison{
			row(1, 0.01, Equivalent), row(1.04, 0.05, Different), row(1.04, 0.05, Different), row(1.05, 0.05, Different),
			row(1.08, 0.05, Different),
		}, false},
		{"an interval without the factor", []Comparison{
			row(1.05, 0.005, Different), row(1.04, 0.005, Different), row(1.04, 0.005, Different), row(1.08, 0.005, Different),
		}, false},
		{"nothing is different", []Comparison{
			row(1.05, 0.2, Inconclusive), row(1.05, 0.2, Inconclusive), row(1.05, 0.2, Inconclusive),
			row(1.05, 0.2, Inconclusive),
		}, false},
	} {
		if got := CommonFactors(c.rows, Options{}); (len(got) == 1) != c.want {
			t.Errorf("%s: got factors %v, want one: %v", c.name, got, c.want)
		}
	}
	few := []Comparison{row(2, 0, Different), row(2, 0, Different), row(2, 0, Different), row(2, 0, Different)}
	for i := range few {
		few[i].N = 2
	}
	if got := CommonFactors(few, Options{}); len(got) > 0 {
		t.Errorf("two values a row: got factors %v, want none", got)
	}
}

func TestATallyNamesTheSide(t *testing.T) {
	rows := []Comparison{
		{Name: "Mutex/impl=ticket", Old: Base, New: Head, Outcome: Gone},
		{Name: "Mutex/impl=mcs", Old: Base, New: Head, Outcome: New},
	}
	got := Count(rows).String()
	for _, want := range []string{"1 only in the base: Mutex/impl=ticket;", "1 only in the head: Mutex/impl=mcs"} {
		if !strings.Contains(got+";", want) || strings.Contains(got, "basehead") {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
}

// Without its journal, a run cannot know of rows that failed.
func TestARunWithoutItsJournalSaysSo(t *testing.T) {
	dir := t.TempDir()
	journal, err := Create(filepath.Join(dir, "run"), Info{Tool: "contend"})
	if err != nil {
		t.Fatal(err)
	}
	for _, tr := range trials("sync", 1, 2) {
		if err := journal.Append(tr); err != nil {
			t.Fatal(err)
		}
	}
	if err := journal.Close(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []bool{false, true} {
		run, err := Open(journal.Dir())
		if err != nil || run.Unjournaled != want || len(run.Trials) != 2 {
			t.Errorf("got %+v and error %v, want 2 trials, and without a journal: %v", run, err, want)
		}
		if !want {
			if err := os.Remove(filepath.Join(journal.Dir(), trialsFile)); err != nil {
				t.Fatal(err)
			}
		}
	}
}
