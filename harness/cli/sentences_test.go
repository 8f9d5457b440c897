package cli

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/results"
)

// A sentence of the terminal or of a page, and what it needs. With the need taken away, it
// must be absent.
type sentence struct {
	text    string
	needs   string
	without func(*results.Run)
}

func each(change func(*results.Trial)) func(*results.Run) {
	return func(run *results.Run) {
		for i := range run.Trials {
			change(&run.Trials[i])
		}
	}
}

func dropped(units ...string) func(*results.Run) {
	return each(func(t *results.Trial) {
		for _, unit := range units {
			delete(t.Values, unit)
		}
	})
}

// rounds7 keeps fewer rounds than a claim needs.
func rounds7(run *results.Run) {
	run.Trials = slices.DeleteFunc(run.Trials, func(t results.Trial) bool { return t.Round > 7 })
}

func interrupted(run *results.Run) { run.Info.State = "interrupted" }

// level makes two rows equal.
func level(run *results.Run) {
	each(func(t *results.Trial) {
		if t.Impl == "mcs" {
			t.Values["ns/op"] /= 3
		}
	})(run)
}

var terminalSentences = []sentence{
	{"NOT BEATEN BY ANY OTHER", "8 rounds", rounds7},
	{"NOT BEATEN BY ANY OTHER", "a run that ended", interrupted},
	{"sync: 100.1 ns/op", "a value", dropped("ns/op")},
	{"next mcs: 300.3 ns/op", "a row that is beaten", level},
	{"times in the same rounds", "a row that is beaten", func(r *results.Run) {
		r.Trials = slices.DeleteFunc(r.Trials, func(t results.Trial) bool { return t.Impl != "sync" })
	}},
	{"out hog: Jain's index is 0.37 where the fairest has 0.98", "Jain's index", dropped("jain")},
}

var pageSentences = []sentence{
	{"| sync | 100.1 | mcs | 3 to 3 |", "8 rounds", rounds7},
	{"| sync | 100.1 | mcs | 3 to 3 |", "a run that ended", interrupted},
	{"hog: Jain's index is 0.37", "Jain's index", dropped("jain")},
	{"in 12 rounds", "the number of rounds", func(r *results.Run) { r.Info.Rounds = 0 }},
	{"kernel ", "the kernel", func(r *results.Run) { r.Info.Machine.Kernel = "" }},
	{"a processor with 2 cores", "the machine", func(r *results.Run) { r.Info.Machine = results.Machine{} }},
}

var adviceSentences = []sentence{
	{"the fastest here of those that starve no worker", "fairness", dropped("jain", "starved")},
	{"the fastest here", "8 rounds", rounds7},
	{"the fastest here", "a run that ended", interrupted},
	{"out hog: Jain's index is 0.37", "Jain's index", dropped("jain")},
	{"a processor with 2 cores", "the machine", func(r *results.Run) { r.Info.Machine = results.Machine{} }},
}

// known is contest with what outputs say of a run.
func known() *results.Run {
	run := contest(12)
	run.Path, run.Info.Rounds = "results/runs/one", 12
	run.Info.Machine = results.Machine{CPU: "a processor", Cores: 2, Kernel: "6.1", Go: "go1.26"}
	return run
}

func TestSentencesNeedTheirMeasurements(t *testing.T) {
	suite := harness.Suite{
		About: harness.About{Pattern: "mutex", Contract: "mutex"},
		Loads: []harness.Load{{Name: "counter", About: "a counter", Turn: "turn"}},
	}
	for name, c := range map[string]struct {
		print     func(*app, *results.Run)
		sentences []sentence
	}{
		"terminal": {func(a *app, r *results.Run) {
			printWinners(a.out, results.Verdicts(r, results.Options{}))
		}, terminalSentences},
		"page": {func(a *app, r *results.Run) {
			a.printChoices(r, []harness.Suite{suite})
		}, pageSentences},
		"advice": {func(a *app, r *results.Run) {
			q := &advising{suites: []harness.Suite{suite}, filter: func(results.Cell) bool { return true }}
			a.printAdvice(r, q, a.near(r, q))
		}, adviceSentences},
	} {
		printed := func(r *results.Run) string {
			var b bytes.Buffer
			c.print(&app{out: &b}, r)
			return b.String()
		}
		with := printed(known())
		for _, s := range c.sentences {
			if !strings.Contains(with, s.text) {
				t.Errorf("%s: got\n%s\nwithout %q, want it, since the run has %s", name, with, s.text, s.needs)
			}
			run := known()
			s.without(run)
			if text := printed(run); strings.Contains(text, s.text) {
				t.Errorf("%s: got %q without %s, want it absent from\n%s", name, s.text, s.needs, text)
			}
		}
	}
	run := known()
	dropped("jain", "starved", "wait-max-ns")(run)
	if got, want := winnersOf(run), "fairness not measured here"; !strings.Contains(got, want) {
		t.Errorf("got\n%s\nwant %q", got, want)
	}
}
