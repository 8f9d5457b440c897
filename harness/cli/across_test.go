package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// halves returns two suites over the locks of contest: hog and sync, and mcs.
func halves(guide string) []harness.Suite {
	suite := func(name, guide string, names ...string) harness.Suite {
		s := harness.Suite{About: harness.About{Contract: "mutex", Name: name, Guide: guide}}
		s.Loads = []harness.Load{{Name: "counter", Baseline: "sync"}}
		for _, impl := range names {
			s.Impls = append(s.Impls, impls.Card{Name: impl})
		}
		return s
	}
	return []harness.Suite{suite("short", guide, "hog", "sync"), suite("fair", "", "mcs")}
}

func TestSuitesStandSideBySide(t *testing.T) {
	run := contest(12)
	var out bytes.Buffer
	printAcross(&out, run, halves(""))
	if want := "| sync, 100.1 ns/op | mcs, 3 to 3 times as much |\n"; !strings.Contains(out.String(), want) {
		t.Errorf("got\n%s, want a line that ends in %q", out.String(), want)
	}
	verdicts := results.Verdicts(run, results.Options{})
	want := "side by side: of mutex/short sync, 100.1 ns/op; of mutex/fair mcs, 3 to 3 times as much"
	if got := across(verdicts, verdicts[0], halves("")); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := across(verdicts, verdicts[0], halves("")[:1]); got != "" {
		t.Errorf("got %q for one suite, want nothing", got)
	}
}

// A guide has figures of the run, and says what was not measured.
func TestGuidesHaveFigures(t *testing.T) {
	run := contest(12)
	var cell results.Cell
	for _, t := range run.Trials {
		if t.Cell.Impl == "mcs" {
			cell, t.Values["cpu-ns/op"] = t.Cell, 1.5*t.Values["ns/op"]
		}
	}
	top := []results.TopRow{{Function: "f", Flat: 0.5, Cum: 0.75}}
	run.Info.Profiles = []results.ProfileInfo{{Cell: cell.Name(), Kind: "cpu", Top: top}}
	var out bytes.Buffer
	err := printGuides(&out, run, halves(`Best: {{best "counter goroutines=8"}}.
mcs takes {{times "mcs" "counter goroutines=8.0"}} times as long, sync {{times "sync" "counter"}}, ticket {{times "ticket" "counter"}}.
p99 {{median "mcs" "p99-ns" "counter"}}, at 9 {{best "counter goroutines=9"}} and {{median "mcs" "p99-ns" "counter goroutines=9"}}.
Busy {{processors "mcs" "counter"}}, {{processors "sync" "counter"}}.
Waits {{share "mcs" "f" "counter"}} %, {{share "mcs" "g" "counter"}},
{{share "sync" "f" "counter"}}, {{share "mcs" "f" "pairs"}}.
`))
	if err != nil {
		t.Fatal(err)
	}
	want := `
Best: sync.
mcs takes 3 (3 to 3) times as long, sync 1, ticket (not measured).
p99 900, at 9 (not measured) and (not measured).
Busy 1.5, (not measured).
Waits 75 %, (not measured),
(not measured), (not measured).
`
	if out.String() != want {
		t.Errorf("got\n%s, want\n%s", out.String(), want)
	}
	if err := printGuides(&out, run, halves("{{fastest}}")); err == nil {
		t.Error("got no error for a guide that asks for an unknown figure, want one")
	}
}
