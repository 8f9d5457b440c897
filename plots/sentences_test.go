package plots_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/contendbench/contend/results"
)

// A sentence of the report, and what it needs. With the need taken away, it must be absent.
type sentence struct {
	text    string
	needs   string
	without func(*results.Run)
}

// each applies a change to all trials.
func each(change func(*results.Trial)) func(*results.Run) {
	return func(run *results.Run) {
		for i := range run.Trials {
			change(&run.Trials[i])
		}
	}
}

// dropped removes values of units from all trials.
func dropped(units ...string) func(*results.Run) {
	return each(func(t *results.Trial) {
		for _, unit := range units {
			delete(t.Values, unit)
		}
	})
}

// unprobed removes what the probe saw.
var unprobed = each(func(t *results.Trial) { t.Probe = results.Probe{} })

// kept removes the trials that keep does not hold for.
func kept(keep func(results.Trial) bool) func(*results.Run) {
	return func(run *results.Run) {
		run.Trials = slices.DeleteFunc(run.Trials, func(t results.Trial) bool { return !keep(t) })
	}
}

// full is a run in which everything that the report speaks of was measured.
func full(t *testing.T) *results.Run {
	c := usual
	c.rounds, c.goroutines = 12, []int{8}
	run := changed(t, c, func(tr *results.Trial) {
		if tr.Values == nil {
			return
		}
		n, _ := tr.Get("goroutines")
		if tr.Workers = 1; n != "1" {
			tr.Workers = 8
		}
		tr.Values["jain"], tr.Values["p99-ns"] = 0.99, 900
		tr.Probe.Load, tr.Probe.StolenPct = 0.1, 0
		switch impl, _ := tr.Unalias(); impl {
		case shortName(0):
			if tr.Round > 6 && n == "8" {
				tr.Probe.HopNs = 400
			}
		case shortName(2):
			tr.Probe.Load, tr.Probe.StolenPct, tr.Probe.ArithNs = 9, 20, 2
			tr.Values["kept-rate"] = 0.5
			if tr.Round == 1 {
				tr.Values["ns/op"] *= 100
			}
		case shortName(3):
			tr.Values["jain"] = 0.2
			tr.Values["wait-max-ns"] = 9e8
			tr.Values["active"] = 3
		case shortName(4):
			tr.Turns = 3
		}
	})
	run.Info.Promises = []results.PromiseInfo{{Name: "fifo", Meaning: "serves in order"}}
	run.Problems = []results.Problem{
		{File: "trials.jsonl", Line: 3, Text: "skipped: it is damaged"},
		{File: "log", Line: 4, Text: "FAIL a", Failure: true},
	}
	run.Info.Impls[0] = results.ImplInfo{
		Contract: "mutex", Name: "absent", Kind: "remote", Skipped: "no server answers",
	}
	return run
}

// sentences are those that say something of the run, not of how to read a report.
var sentences = []sentence{
	{"State: <strong>complete", "the state of the run", func(r *results.Run) { r.Info.State = "" }},
	{"a processor with 2 cores, linux/amd64, kernel 6.1, go1.26.", "the machine", func(r *results.Run) {
		r.Info.Machine = results.Machine{}
	}},
	{"with 2 cores. They say nothing", "the machine's cores", func(r *results.Run) { r.Info.Machine.Cores = 0 }},
	{"s in total.", "the time of each trial", each(func(t *results.Trial) { t.Took = 0 })},
	{"<h2>Failures</h2>", "a trial that failed", kept(func(t results.Trial) bool { return t.Status == results.Ok })},
	{"<h2>Damaged lines</h2>", "a damaged line", func(r *results.Run) { r.Problems = nil }},
	{"<h2>What go test reported</h2>", "a failure", func(r *results.Run) { r.Problems = r.Damage() }},
	{"<h2>Skipped</h2>", "an implementation that did not run", func(r *results.Run) { r.Info.Impls[0].Skipped = "" }},
	{"<h2>Known to be broken</h2>", "an implementation of that role", func(r *results.Run) {
		for i := range r.Info.Impls {
			r.Info.Impls[i].Role = ""
		}
	}},
	{"<h2>What they promise</h2>", "promises", func(r *results.Run) {
		for i := range r.Info.Impls {
			r.Info.Impls[i].Promises = nil
		}
	}},
	{"<h2>Profiles</h2>", "a profile", func(r *results.Run) { r.Info.Profiles = nil }},
	{"<h2>To repeat it</h2>", "the arguments of the run", func(r *results.Run) { r.Info.Args = nil }},
	{"Why points stopped", "stops", func(r *results.Run) { r.Info.Stops = nil }},
	{"not beaten by any other", "8 rounds", kept(func(t results.Trial) bool { return t.Round <= 7 })},
	{"not beaten by any other", "a run that ended", func(r *results.Run) { r.Info.State = "interrupted" }},
	{"the fastest here", "8 rounds", kept(func(t results.Trial) bool { return t.Round <= 7 })},
	{"of those that starve no worker", "fairness of each row", dropped("jain", "starved")},
	{"of those that starve no worker", "fairness of the other rows", func(r *results.Run) {
		each(func(t *results.Trial) {
			if t.Impl == shortName(2) {
				delete(t.Values, "jain")
				delete(t.Values, "starved")
			}
		})(r)
	}},
	{"Jain&#39;s index is 0.20 where the fairest has", "Jain's index", dropped("jain")},
	{"longest wait 900 ms where that of lock0 is 1 ms", "a longest wait", dropped("wait-max-ns")},
	{"only 3 turns in a trial", "the number of turns", each(func(t *results.Trial) { t.Turns = 0 })},
	{"times as long as", "pairs of rounds", kept(func(t results.Trial) bool { return t.Impl == shortName(0) })},
	{"Load of other processes when a trial began", "a probe", unprobed},
	{"(stolen time): median", "a probe", unprobed},
	{"Probe, one step of arithmetic", "a probe", each(func(t *results.Trial) { t.Probe.ArithNs = 0 })},
	{"Probe, a cache line", "a probe of transfers", each(func(t *results.Trial) { t.Probe.HopNs = 0 })},
	{"Transfers of a cache line", "a probe of transfers", each(func(t *results.Trial) { t.Probe.HopNs = 0 })},
	{"cores far:", "two speeds of transfers", each(func(t *results.Trial) { t.Probe.HopNs = 55 })},
	{"measured under more load", "the load of the row", each(func(t *results.Trial) { t.Probe.Load = 0 })},
	{"the host took 20 %", "stolen time of the row", each(func(t *results.Trial) { t.Probe.StolenPct = 0 })},
	{"the processor was", "the arithmetic of the row", each(func(t *results.Trial) { t.Probe.ArithNs = 0.5 })},
	{"under two names (an A/A test)", "a second name", kept(func(t results.Trial) bool {
		_, again := t.Unalias()
		return !again
	})},
	{"<small>oversubscribed", "the machine's cores", func(r *results.Run) { r.Info.Machine.Cores = 0 }},
	{"trials far from the median", "values far from it", kept(func(t results.Trial) bool { return t.Round > 1 })},
	{"the rate was not kept", "the kept rate", dropped("kept-rate")},
	{"Fairness over a window of", "a fairness window", dropped("jain")},
	{"From latency windows", "histograms", each(func(t *results.Trial) { t.Hist = "" })},
	{">loop: 0.7 ns<", "the harness's costs", func(r *results.Run) { r.Info.Costs = nil }},
}

// Each sentence is in the report of a run that has what it needs, and absent without.
func TestSentencesNeedTheirMeasurements(t *testing.T) {
	with := page(t, full(t))
	for _, s := range sentences {
		if !strings.Contains(with, s.text) {
			t.Errorf("%q: got a page without it, want it, since the run has %s", s.text, s.needs)
		}
		run := full(t)
		s.without(run)
		if strings.Contains(page(t, run), s.text) {
			t.Errorf("%q: got it without %s, want it absent", s.text, s.needs)
		}
	}
	const passed = "Every row passed its checks."
	sound := full(t)
	kept(func(tr results.Trial) bool { return tr.Status == results.Ok })(sound)
	if !strings.Contains(page(t, sound), passed) || strings.Contains(with, passed) {
		t.Errorf("%q: got it for a run that failed, or not for a sound one", passed)
	}
	sound.Unjournaled = true
	const unknown = "Whether others failed is unknown"
	if got := page(t, sound); strings.Contains(got, passed) || !strings.Contains(got, unknown) {
		t.Errorf("a run without its journal: got %q, or not %q", passed, unknown)
	}
	sound.Unjournaled = false
	if sound.Info.Tool = ""; strings.Contains(page(t, sound), passed) {
		t.Errorf("%q: got it of a file that does not say what wrote it, want it absent", passed)
	}
}

// unconditional are headings that need no measurement, or that a test of their own covers.
var unconditional = []string{"Who wins where", "How far to trust it", "Base and head"}

// A new heading of the template must be added to the table.
func TestEveryHeadingIsInTheTable(t *testing.T) {
	text, err := os.ReadFile("report.html.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, m := range regexp.MustCompile(`<h2>([^{<]+)</h2>`).FindAllStringSubmatch(string(text), -1) {
		found++
		listed := slices.ContainsFunc(sentences, func(s sentence) bool { return s.text == m[0] })
		if !listed && !slices.Contains(unconditional, m[1]) {
			t.Errorf("got heading %q in no table, want what it needs in sentences", m[1])
		}
	}
	if found < 8 {
		t.Errorf("got %d headings, want at least 8", found)
	}
}
