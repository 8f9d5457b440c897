package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/contendbench/contend/results"
)

// contest is a run of three locks at one point. hog has the shortest turns, but starves
// workers.
func contest(rounds int) *results.Run {
	run := &results.Run{Info: results.Info{State: "complete"}}
	for round := range rounds {
		for impl, ns := range map[string]float64{"hog": 50, "sync": 100, "mcs": 300} {
			ns *= 1 + 0.001*float64(round%3)
			jain := 0.98
			if impl == "hog" {
				jain = 0.37
			}
			run.Trials = append(run.Trials, results.Trial{
				Cell: results.Cell{Contract: "mutex", Work: "counter", Impl: impl, Procs: 2, Params: []results.Param{
					{Key: "goroutines", Value: "8"},
					{Key: "a-parameter-of-a-long-name", Value: strings.Repeat("9", 70)},
				}},
				Round: round + 1, Status: results.Ok, Turns: 1000, Workers: 8, Values: map[string]float64{
					"ns/op": ns, "jain": jain, "starved": 0, "wait-max-ns": 1e6, "p99-ns": 900, "max-ns": 1e5,
				},
			})
		}
	}
	return run
}

func winnersOf(run *results.Run) string {
	var b bytes.Buffer
	printWinners(&b, results.Verdicts(run, results.Options{}))
	return b.String()
}

func TestWinnersCarryNumbersAndReasons(t *testing.T) {
	got := winnersOf(contest(12))
	for _, want := range []string{
		"NOT BEATEN BY ANY OTHER\n", "  sync: 100.1 ns/op (100 to 100.2)\n",
		"  next mcs: 300.3 ns/op (300 to 300.6), 3 times in the same rounds, 3 to 3\n",
		"  out hog: Jain's index is 0.37 where the fairest has 0.98\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant a line %q", got, want)
		}
	}
	for line := range strings.Lines(got) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 100 {
			t.Errorf("got %d columns in %q, want at most 100", n, line)
		}
	}
}

func TestNoWinnersWithoutEvidence(t *testing.T) {
	interrupted := contest(12)
	interrupted.Info.State = "interrupted"
	for want, run := range map[string]*results.Run{
		"No winner is named at any point: the run was interrupted.\n":                                 interrupted,
		"No winner is named at any point: 3 rounds cannot distinguish rows; at least 8 are needed.\n": contest(3),
	} {
		if got := winnersOf(run); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTextIsWrapped(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"short", []string{"short"}},
		{"one two three four five", []string{"one two", "    three", "    four", "    five"}},
		{"Mutex/work=counter", []string{"Mutex/", "    work=co", "    unter"}},
		{"", []string{""}},
	} {
		if got := wrapped(c.text, 11); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

// A winner of 0 has no ratio to the others, and no control has one.
func TestTheTerminalAndJSONShowNoRatioWhereThereIsNone(t *testing.T) {
	run := contest(12)
	run.Info.Works = []results.WorkInfo{{
		Contract: "mutex", Name: "counter", Ranks: "lost-ms",
		Metrics: []results.Metric{{Unit: "lost-ms", Better: results.Lower}},
	}}
	for i := range run.Trials {
		t := &run.Trials[i]
		t.Values["jain"] = 0.98
		if t.Values["lost-ms"] = t.Values["ns/op"]; t.Impl == "hog" {
			t.Values["lost-ms"] = 0
		}
	}
	got := winnersOf(run)
	if want := "  next sync: 100.1 lost-ms (100 to 100.2), no ratio\n"; !strings.Contains(got, want) {
		t.Errorf("got\n%s\nwant a line %q", got, want)
	}
	run.Info.Impls = []results.ImplInfo{{Contract: "mutex", Name: "mcs", Role: "noop"}}
	var b bytes.Buffer
	a := &app{out: &b}
	if err := a.printAdviceJSON(run, &advising{}, results.Verdicts(run, results.Options{})); err != nil {
		t.Fatal(err)
	}
	var advice jsonAdvice
	if err := json.Unmarshal(b.Bytes(), &advice); err != nil {
		t.Fatal(err)
	}
	for _, r := range advice.Points[0].Rows {
		if got, want := r.Ratio != nil && r.RatioLow != nil && r.RatioHigh != nil, r.Impl == "hog"; got != want {
			t.Errorf("%s: got ratio %v, want one: %v", r.Impl, r.Ratio, want)
		}
	}
}
