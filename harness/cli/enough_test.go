package cli

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/results"
)

// planOf returns a plan of a few cells of the mutex.
func planOf(t *testing.T, a *app, filter string) (rounds.Preset, rounds.Plan) {
	t.Helper()
	preset, plan, err := a.plan(&selecting{preset: "quick", filter: filter}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return preset, plan
}

// A duet has the rounds that its rows need, unless the user says otherwise. A gate of
// fewer is refused, and elsewhere they are warned of.
func TestRoundsOfADuet(t *testing.T) {
	o := results.Options{Alpha: 0.01}
	for _, c := range []struct {
		name       string
		run        running
		fail       bool
		want       int
		warns, err string
	}{
		{name: "the default", want: 17},
		{name: "the default, gated", fail: true, want: 17},
		{name: "more", run: running{rounds: 40}, fail: true, want: 40},
		{name: "fewer", run: running{rounds: 9}, want: 9, warns: "9 rounds may miss a single row"},
		{name: "fewer, gated", run: running{rounds: 16}, fail: true, err: "--rounds 17"},
		{name: "a budget", run: running{budget: time.Minute}, fail: true, want: 17},
		{name: "a precision", run: running{precision: "5%"}, want: 0},
		{name: "a precision, gated", run: running{precision: "5%"}, fail: true, err: "--fail with --precision"},
	} {
		var errOut bytes.Buffer
		a := &app{suites: suites(), err: &errOut, self: "self"}
		preset, plan := planOf(t, a, "/impl:(sync OR mcs) /goroutines:2 /work:counter")
		run := c.run
		_, err := a.enough(plan, preset, &run, &o, c.fail)
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: got error %v, want %q", c.name, err, c.err)
			}
			continue
		}
		if err != nil || run.rounds != c.want {
			t.Errorf("%s: got %d rounds and error %v, want %d", c.name, run.rounds, err, c.want)
		}
		if got := errOut.String(); (got != "") != (c.warns != "") || !strings.Contains(got, c.warns) {
			t.Errorf("%s: got warning %q, want %q", c.name, got, c.warns)
		}
	}
}

// A run whose executable cannot be linked anew says so once, in run.json, in the report
// and in comparisons, with the reason. A test's executable is none that go build gives.
func TestOneLayoutIsSaid(t *testing.T) {
	for flag, why := range map[string]string{
		"--layouts=true": "its source is not at hand", "--layouts=false": "--layouts=false",
	} {
		dir := filepath.Join(t.TempDir(), "run")
		status, _, errOut := small(t, dir, flag)
		if status != fine || strings.Count(errOut, "one layout ("+why) != 1 {
			t.Fatalf("%s: got status %d and\n%s\nwant 0 and one layout for %q, once", flag, status, errOut, why)
		}
		run, err := results.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		report, err := os.ReadFile(filepath.Join(dir, "report.html"))
		if err != nil || !strings.Contains(run.Info.OneLayout, why) || !bytes.Contains(report, []byte("had one layout")) {
			t.Errorf("%s: got %q and error %v, want the reason there and in the report", flag, run.Info.OneLayout, err)
		}
		if _, out, _ := contend(t, "compare", dir); !strings.Contains(out, "note: one layout (") {
			t.Errorf("%s: got no note on one layout, want one in\n%s", flag, out)
		}
	}
}

// A gate whose duet did not end is not open.
func TestAnUnfinishedDuetDoesNotPass(t *testing.T) {
	for state, pass := range map[string]bool{"complete": true, "budget": false, "interrupted": false} {
		a, run := &app{out: io.Discard}, &results.Run{Info: results.Info{State: state}}
		if err := a.ended(run, true); (err == nil) != pass {
			t.Errorf("%s: got error %v, want none: %v", state, err, pass)
		}
		if err := a.ended(run, false); errors.Is(err, errFailed) != (state == "interrupted") {
			t.Errorf("%s without --fail: got error %v, want errFailed if it was interrupted", state, err)
		}
	}
}

// A run of one row compares nothing, so it has no row to miss.
func TestNothingToCompareNeedsNoRounds(t *testing.T) {
	for filter, want := range map[string]bool{
		"/impl:tas /goroutines:2 /work:counter": false, "/impl:(sync OR tas) /goroutines:2 /work:counter": true,
	} {
		var errOut bytes.Buffer
		a := &app{suites: suites(), err: &errOut, self: "self"}
		preset, plan := planOf(t, a, filter)
		a.warnOfFew(3, comparisons(plan, preset), usualAlpha)
		if got := errOut.String(); (got != "") != want {
			t.Errorf("%s: got %q, want a warning: %v", filter, got, want)
		}
	}
}
