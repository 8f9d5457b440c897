package results

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// duetRun is a duet of one row over 16 rounds, with p99-ns in every trial. change may take
// it from a trial of a side.
func duetRun(change func(side string, t *Trial)) *Run {
	rng := rand.New(rand.NewPCG(5, 1))
	run := &Run{}
	for _, side := range []string{Base, BaseAgain, Head} {
		for _, t := range trials("sync", around(rng, 16, 100, 0.01)...) {
			t.Side = side
			t.Values["p99-ns"] = 1000 * (1 + 0.01*rng.Float64())
			change(side, &t)
			run.Trials = append(run.Trials, t)
		}
	}
	return run
}

// A side that became too slow for a percentile has none. The row is named all the same.
func TestARowWithoutThePercentileIsNamed(t *testing.T) {
	run := duetRun(func(side string, t *Trial) {
		if side == Head {
			delete(t.Values, "p99-ns")
		}
	})
	rows := DuetOf(run, Options{Unit: "p99-ns"})
	if len(rows) != 1 || rows[0].Outcome != Absent || !rows[0].Alone() ||
		!strings.Contains(rows[0].Reason, "16 of 16 trials of the base have it, and 0 of 16 trials of the head") {
		t.Errorf("got %+v, want one row without values of the head", rows)
	}
	if text := Count(rows).String(); !strings.Contains(text, "1 without values: ") || !strings.Contains(text, "p99-ns") {
		t.Errorf("got %q, want the row counted", text)
	}
	if rows := DuetOf(run, Options{Unit: "takeover-ms"}); len(rows) != 0 {
		t.Errorf("another workload's metric: got %+v, want no row", rows)
	}
	if rows := DuetOf(run, Options{}); len(rows) != 1 || rows[0].Alone() {
		t.Errorf("ns/op: got %+v, want one row that is compared", rows)
	}
}

// The base's second run is the base: what fails there has failed.
func TestAFailureOfTheBasesSecondRunIsOne(t *testing.T) {
	run := duetRun(func(side string, t *Trial) {
		if side == BaseAgain && t.Round == 3 {
			t.Status, t.Reason, t.Values = Failed, "lost updates", nil
		}
	})
	rows := DuetOf(run, Options{})
	if len(rows) != 1 || rows[0].Outcome != Broken || rows[0].Reason != "failed on the base side: lost updates" {
		t.Errorf("got %+v, want a failure of the base", rows)
	}
}

// Without a second run of the base there is no floor, and the row says so.
func TestAMissingFloorIsSaid(t *testing.T) {
	run := duetRun(func(string, *Trial) {})
	var rest []Trial
	for _, t := range run.Trials {
		if t.Side != BaseAgain {
			rest = append(rest, t)
		}
	}
	const missing = "no A/A floor"
	rows := DuetOf(&Run{Trials: rest}, Options{})
	if len(rows) != 1 || rows[0].Floor != 0 || !strings.Contains(strings.Join(rows[0].Warnings, "\n"), missing) {
		t.Errorf("got %+v, want a row with a warning of %s", rows, missing)
	}
	rows = DuetOf(run, Options{})
	if len(rows) != 1 || rows[0].Floor <= 0 || strings.Contains(strings.Join(rows[0].Warnings, "\n"), missing) {
		t.Errorf("got %+v, want a row with a floor", rows)
	}
}

// The same difference is claimed or not whichever way the unit counts.
func TestTheFloorHasNoDirection(t *testing.T) {
	for _, ratio := range []float64{10, 0.1} {
		rows := []Comparison{{Ratio: ratio, Low: ratio * 0.9, High: ratio * 1.1, P: 1e-5, N: 16, Floor: 1.01}}
		if Adjust(rows, Options{}); rows[0].Outcome != Different {
			t.Errorf("ratio %v beyond a floor of 101 %%: got %s (%s), want different", ratio, rows[0].Outcome, rows[0].Reason)
		}
		rows[0].Floor = 12
		if Adjust(rows, Options{}); rows[0].Outcome != Inconclusive || !strings.Contains(rows[0].Reason, "a factor of 10 ") {
			t.Errorf("ratio %v within a floor of 1200 %%: got %s (%s), want inconclusive",
				ratio, rows[0].Outcome, rows[0].Reason)
		}
	}
}

// What the head no longer has stands among the rows.
func TestWhatTheHeadLostIsNamed(t *testing.T) {
	run := duetRun(func(string, *Trial) {})
	run.Info.OnlyBase = []string{"Mutex/work=counter/impl=gone"}
	rows := DuetOf(run, Options{})
	if len(rows) != 2 || rows[1].Outcome != Gone || rows[1].Name != "Mutex/work=counter/impl=gone" {
		t.Errorf("got %+v, want the lost row last", rows)
	}
}
