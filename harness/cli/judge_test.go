package cli

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
	"github.com/contendbench/contend/workloads/mutex"
)

func TestTheGate(t *testing.T) {
	row := func(outcome results.Outcome, ratio float64, better results.Better) []results.Comparison {
		return []results.Comparison{{Outcome: outcome, Ratio: ratio, Better: better, Unit: "x", N: 16, Paired: true}}
	}
	silent := func(change func(*results.Comparison)) []results.Comparison {
		rows := row(results.Inconclusive, 1.2, results.Lower)
		change(&rows[0])
		return rows
	}
	lower := func(outcome results.Outcome, ratio float64) []results.Comparison {
		return row(outcome, ratio, results.Lower)
	}
	for _, c := range []struct {
		name string
		rows []results.Comparison
		fail bool
		want error
	}{
		{"slower", lower(results.Different, 1.2), true, errFailed},
		{"slower, no gate", lower(results.Different, 1.2), false, nil},
		{"slower within the threshold", lower(results.Different, 1.02), true, nil},
		{"faster", lower(results.Different, 0.8), true, nil},
		{"fewer commits", row(results.Different, 0.8, results.Higher), true, errFailed},
		{"more commits", row(results.Different, 1.2, results.Higher), true, nil},
		{"inconclusive", lower(results.Inconclusive, 1.2), true, nil},
		{"only in the base", row(results.Gone, 0, results.Neither), true, errFailed},
		{"only in the head", row(results.New, 0, results.Neither), true, errFailed},
		{"failed", row(results.Broken, 0, results.Neither), true, errFailed},
		{"without values on a side", row(results.Absent, 0, results.Neither), true, errFailed},
		{"a load that came late", silent(func(r *results.Comparison) { r.Late = "because" }), true, errFailed},
		{"values without a ratio", silent(func(r *results.Comparison) { r.Void = 3 }), true, errFailed},
		{"too few pairs", silent(func(r *results.Comparison) { r.N = 5 }), true, errFailed},
		{"too few pairs, no gate", silent(func(r *results.Comparison) { r.N = 5 }), false, nil},
		{"failed, no gate", row(results.Broken, 0, results.Neither), false, nil},
	} {
		if err := gate(c.rows, results.Options{Alpha: 0.01}, 0.03, c.fail); err != c.want {
			t.Errorf("%s: got error %v, want %v", c.name, err, c.want)
		}
	}
	for _, rows := range [][]results.Comparison{row(results.Equivalent, 1, results.Neither), nil} {
		if err := gate(rows, results.Options{Alpha: 0.01}, 0.03, true); err == nil || errors.Is(err, errFailed) {
			t.Errorf("%v: got error %v, want one that says why nothing can be judged", rows, err)
		}
	}
}

// The file says that more of its unit is better, so less of it fails the gate.
func TestTheGateKnowsTheDirectionOfAFile(t *testing.T) {
	run, err := results.Open("../../results/testdata/files/29/duet_down.txt")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := results.Rivals(run, "", results.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := gate(rows, results.Options{Alpha: 0.01}, 0.03, true); err != errFailed {
		t.Errorf("the head has less: got error %v, want a failure", err)
	}
	text := strings.NewReplacer("side=base", "side=x", "side=head", "side=base").Replace(duetDown(t))
	file := filepath.Join(t.TempDir(), "up.txt")
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(text, "side=x", "side=head")), 0o644); err != nil {
		t.Fatal(err)
	}
	if run, err = results.Open(file); err != nil {
		t.Fatal(err)
	}
	if rows, err = results.Rivals(run, "/side", results.Options{}); err != nil {
		t.Fatal(err)
	}
	if err := gate(rows, results.Options{Alpha: 0.01}, 0.03, true); err != nil {
		t.Errorf("the head has more: got error %v, want none", err)
	}
}

func duetDown(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../results/testdata/files/29/duet_down.txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A gate without a direction is refused before anything is measured.
func TestAGateNeedsADirection(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "duet")
	status, out, errOut := contend(t, "duet", self, self, "--filter", "/work:counter /impl:sync /goroutines:2",
		"--unit", "fair-ms", "--out", dir, "--fail")
	if want := "nothing says whether more or less fair-ms is better"; status != wrong || !strings.Contains(errOut, want) {
		t.Errorf("got status %d and %q, want 2 and %q", status, out+errOut, want)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("got a folder of a run, want nothing measured")
	}
}

// journaled writes the journal of a duet, with ops/s and ns/op of one row, and reads it.
func journaled(t *testing.T, change func(*results.Trial)) *results.Run {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "duet")
	j, err := results.Create(dir, results.Info{Preset: "quick"})
	if err != nil {
		t.Fatal(err)
	}
	for round := 1; round <= 12; round++ {
		for _, side := range []string{"base", "head"} {
			for _, impl := range []string{"mcs", "sync"} {
				v := 100 + float64(round%3)
				tr := results.Trial{
					Cell: results.Cell{
						Contract: "mutex", Work: "counter", Impl: impl, Procs: 2,
						Params: []results.Param{{Key: "goroutines", Value: "8"}},
					},
					Round: round, Side: side, Status: results.Ok,
					Values: map[string]float64{"ns/op": v, "ops/s": 1e9 / v},
				}
				change(&tr)
				if tr.Round == 0 { // left out
					continue
				}
				if err := j.Append(tr); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	run, err := results.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func TestJudgingADuet(t *testing.T) {
	onHead := func(change func(*results.Trial)) func(*results.Trial) {
		return func(t *results.Trial) {
			if t.Side == "head" && t.Impl == "sync" {
				change(t)
			}
		}
	}
	for _, c := range []struct {
		name, unit string
		change     func(*results.Trial)
		want       int
		says       string
	}{
		{"same", "", func(*results.Trial) {}, fine, "2 equivalent"},
		{"slower in ops/s", "ops/s", onHead(func(t *results.Trial) { t.Values["ops/s"] /= 2 }), failed, "regression: "},
		{"faster in ops/s", "ops/s", onHead(func(t *results.Trial) { t.Values["ops/s"] *= 2 }), fine, "1 better"},
		{"sec/op", "sec/op", onHead(func(t *results.Trial) { t.Values["ns/op"] *= 2 }), failed, "ns/op is 2.000 times"},
		{"gone", "", onHead(func(t *results.Trial) { t.Round = 0 }), failed, "1 only in the base: Mutex/work=counter"},
		{"failed in the head", "", onHead(func(t *results.Trial) {
			if t.Round == 5 {
				t.Status, t.Values, t.Reason = results.Failed, nil, "torn"
			}
		}), failed, "failed on the head side: torn"},
		{"misspelt", "nsop", func(*results.Trial) {}, wrong, ""},
		{"no direction", "hop-ns", func(t *results.Trial) { t.Values["hop-ns"] = 1 }, wrong, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out, errOut strings.Builder
			a := &app{out: &out, err: &errOut}
			k := comparing{margin: "3%", alpha: 0.01, unit: c.unit}
			o, err := k.options()
			if err != nil {
				t.Fatal(err)
			}
			got := fine
			switch err := a.judge(journaled(t, c.change), k, o, 0.03, true); {
			case errors.Is(err, errFailed):
				got = failed
			case err != nil:
				got = wrong
			}
			if got != c.want || !strings.Contains(out.String(), c.says) {
				t.Errorf("got status %d, want %d and %q in\n%s", got, c.want, c.says, out.String())
			}
		})
	}
}

// A number that is none is in no range: it would open the gate.
func TestFlagsRefuseNaN(t *testing.T) {
	for _, text := range []string{"NaN", "NaN%", "3 5%", "-1%", "100%", "inf", "", "%"} {
		if v, err := percent("threshold", text); err == nil {
			t.Errorf("%q: got %v, want an error", text, v)
		}
	}
	if v, err := percent("threshold", "5%"); v != 0.05 || err != nil {
		t.Errorf("5%%: got %v and error %v, want 0.05", v, err)
	}
	if _, err := (&comparing{margin: "3%", alpha: math.NaN()}).options(); err == nil {
		t.Error("--alpha NaN: got no error, want one")
	}
}

// What only the base has is in no plan of the head, which names it all the same.
func TestWhatOnlyTheBaseHas(t *testing.T) {
	locker := func() sync.Locker { return new(sync.Mutex) }
	renamed := impls.Formerly("old-name", impls.New("new-name", impls.Runtime, "here", locker))
	a := &app{suites: []harness.Suite{mutex.Suite(impls.New("kept", impls.Runtime, "here", locker), renamed)}}
	row := func(impl, works string) child.ManifestRow {
		return child.ManifestRow{Contract: "mutex", Impl: impl, Works: works}
	}
	all := func(results.Cell) bool { return true }
	counterOnly, err := results.Filter("/work:counter")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		row    child.ManifestRow
		filter func(results.Cell) bool
		want   string
	}{
		{row("kept", "counter,many"), all, ""},
		{row("kept", "counter,gone"), all, "Mutex/work=gone/impl=kept"},
		{row("gone", "counter,many"), all, "Mutex/work=counter/impl=gone Mutex/work=many/impl=gone"},
		{row("gone", "counter,many"), counterOnly, "Mutex/work=counter/impl=gone"},
		{row("old-name", "counter"), all, ""},
		{row("gone", ""), all, "Mutex/impl=gone"}, // of an older base
		{row("kept", ""), all, ""},
		{child.ManifestRow{Contract: "latch", Impl: "one", Works: "open"}, all, "Latch/work=open/impl=one"},
	} {
		if got := strings.Join(a.onlyIn(c.row, a.suites, false, c.filter), " "); got != c.want {
			t.Errorf("%+v: got %q, want %q", c.row, got, c.want)
		}
	}
	manifest := child.NewManifest(a.suites)
	for impl, want := range map[string]bool{"kept": true, "none": false} {
		if got := lists(manifest, results.Cell{Contract: "mutex", Work: "counter", Impl: impl}); got != want {
			t.Errorf("%s: got %v, want %v", impl, got, want)
		}
	}
}
