package results

import (
	"strings"
	"testing"
)

// benchstat takes both values of a line that has a unit twice.
func TestAUnitTwiceOnALineIsTwoSamples(t *testing.T) {
	run := written(t, "BenchmarkA-8 10 100 ns/op 200 ns/op 5 B/op\nBenchmarkA-8 10 101 ns/op 201 ns/op 5 B/op\n")
	row := Rows(run.Trials)[0]
	if got := row.Values("ns/op"); len(got) != 4 || Median(got) != 150.5 {
		t.Errorf("got %v ns/op, want 4 values with a median of 150.5", got)
	}
	if got := row.Values("B/op"); len(got) != 2 {
		t.Errorf("got %v B/op, want 2 values", got)
	}
}

// What a unit of another tool means is unknown, whatever it is called.
func TestPercentilesOfOthersAreMedians(t *testing.T) {
	run := written(t, "BenchmarkA-8 10 5 p99-ns 7 max-ns 3 samples\nBenchmarkA-8 10 6 p99-ns 9 max-ns 3 samples\n"+
		"BenchmarkA-8 10 7 p99-ns 8 max-ns 3 samples\n")
	row := Rows(run.Trials)[0]
	for unit, want := range map[string]float64{"p99-ns": 6, "max-ns": 8, "samples": 3} {
		if got, ok := row.Figure(unit); got != want || !ok {
			t.Errorf("%s: got %v (%v), want the median %v", unit, got, ok, want)
		}
	}
}

// Downloads of more than a few KiB may precede the events.
func TestEventsBehindALongPreamble(t *testing.T) {
	preamble := strings.Repeat("go: downloading example.com/mod v1.0.0\n", 1000)
	run := written(t, preamble+`{"Action":"output","Package":"p","Output":"BenchmarkA-8 \t10 100 ns/op\n"}`+"\n")
	if len(run.Trials) != 1 || run.Trials[0].Values["ns/op"] != 100 {
		t.Errorf("got %+v, want one result of 100 ns/op", run.Trials)
	}
}

// A pasted log may have spaces where go test has tabs.
func TestAFailureInAPastedLog(t *testing.T) {
	run := written(t, "BenchmarkA-8 10 100 ns/op\nFAIL    example.com/a   0.5s\n")
	if got := run.Failures(); len(got) != 1 || !strings.Contains(got[0].Text, "example.com/a") || len(run.Damage()) != 0 {
		t.Errorf("got failures %v and damage %v, want one failure", got, run.Damage())
	}
}

// 0 ns/op of another tool is a value, as benchstat says, and not a trial without a turn.
func TestZerosOfOthersAreValues(t *testing.T) {
	zeros, small := strings.Repeat("BenchmarkA-8 10 0 ns/op\n", 10), strings.Repeat("BenchmarkA-8 10 2 ns/op\n", 10)
	rows, err := Across(written(t, zeros), written(t, small), Options{})
	if err != nil || len(rows) != 1 || rows[0].Outcome != Different || rows[0].HasRatio() || rows[0].OldMedian != 0 {
		t.Errorf("got %+v and error %v, want 0 to 2 as different without a ratio", rows, err)
	}
}

// Two runs of one layout each say so, where they are compared.
func TestAcrossSaysThatThereIsOneLayout(t *testing.T) {
	old, new := example(), example()
	new.Info.OneLayout = "one layout (because)"
	rows, err := Across(old, new, Options{})
	const want = "the new run has one layout (because)"
	if err != nil || len(rows) == 0 || !strings.Contains(strings.Join(rows[0].Warnings, "\n"), want) {
		t.Errorf("got %+v and error %v, want a warning of one layout", rows, err)
	}
}

// A file of another tool stays one, whatever its keys and names: only the Unit line of
// contend's own files tells them.
func TestFilesOfOthersWithTheSameKeys(t *testing.T) {
	const line = "BenchmarkLock/work=read/impl=mine/Size=9-8 100 50 ns/op\n"
	const text = "go: 1.26\nkernel: 6.18\ncores: 8\n" + line
	run := written(t, text)
	if run.Own() || run.Trials[0].Name() != "Lock/work=read/impl=mine/Size=9-8" {
		t.Errorf("got own %v and name %s, want a name of another tool as it was written", run.Own(), run.Trials[0].Name())
	}
	if own := written(t, "Unit ns/op rounds=lines\n"+text); !own.Own() || own.Trials[0].Impl != "mine" {
		t.Errorf("with the Unit line: got own %v and implementation %q, want one of contend", own.Own(), own.Trials[0].Impl)
	}
}

// Times, bytes and speeds are never negative; what other metrics count may be.
func TestNegativeAmountsAreSkipped(t *testing.T) {
	run := written(t, "BenchmarkA-8 10 -5 ns/op -1 B/op 3 allocs/op -7 gain\nBenchmarkB-8 10 5 ns/op\n"+
		"--- FAIL: TestC (0.00s)\n")
	row := Rows(run.Trials)[0]
	for unit, want := range map[string]int{"ns/op": 0, "B/op": 0, "allocs/op": 1, "gain": 1} {
		if got := row.Values(unit); len(got) != want {
			t.Errorf("%s: got %v, want %d values", unit, got, want)
		}
	}
	damage := run.Damage()
	if len(damage) != 2 || !strings.Contains(damage[0].Text, "value skipped: ns/op is -5") || damage[0].Line != 1 {
		t.Errorf("got damage %v, want the two values of line 1", damage)
	}
}
