package workloads_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
	"github.com/contendbench/contend/workloads"
)

// A misspelt baseline would be replaced silently.
func TestBaselinesExist(t *testing.T) {
	for _, s := range workloads.All() {
		if _, ok := s.Card(s.Baseline); !ok {
			t.Errorf("%s: got no implementation %q, want its baseline", s.Title(), s.Baseline)
		}
	}
}

// loads calls f with every load.
func loads(f func(s harness.Suite, number int, l harness.Load)) {
	for _, s := range workloads.All() {
		for i, l := range s.Loads {
			f(s, i, l)
		}
	}
}

func TestSuites(t *testing.T) {
	if err := harness.CheckSuites(workloads.All()); err != nil {
		t.Error(err)
	}
	loads(func(s harness.Suite, i int, l harness.Load) {
		if l.Turn == "" || l.About == "" || len(s.Cases(i)) == 0 {
			t.Errorf("%s, %s: got turn %q, about %q and %d implementations, want some of each",
				s.Title(), l.Name, l.Turn, l.About, len(s.Cases(i)))
		}
	})
}

// A chart over a parameter that the load does not have would be missing silently.
func TestChartsAreOverParametersOfTheirLoad(t *testing.T) {
	loads(func(s harness.Suite, _ int, l harness.Load) {
		for _, axis := range l.Axes() {
			has := func(p harness.AnyParam) bool { return p.Name() == axis.Name() }
			if !slices.ContainsFunc(l.Params, has) {
				t.Errorf("%s, %s: a chart is over %s, want one of its parameters", s.Title(), l.Name, axis.Name())
			}
		}
		for _, p := range l.Maps {
			if p[0].Name() == p[1].Name() {
				t.Errorf("%s, %s: got a map over %s twice, want two parameters", s.Title(), l.Name, p[0].Name())
			}
		}
	})
}

// The standard preset measures enough for a map: 3 columns of 3 fields, at one setting of
// the others.
func TestStandardHasAMapOfEveryPlane(t *testing.T) {
	maps := 0
	loads(func(s harness.Suite, i int, l harness.Load) {
		for _, p := range l.Maps {
			maps++
			plane := [2]string{p[0].Name(), p[1].Name()}
			if n := columns(s.Cases(i)[0].Points(l.Points.Standard, nil), plane); n < 3 {
				t.Errorf("%s, %s: got %d columns of 3 fields over %v, want 3", s.Title(), l.Name, n, plane)
			}
		}
	})
	if maps == 0 {
		t.Error("got no load with a map, want some")
	}
}

// columns is how many columns of 3 fields or more the best setting of the other
// parameters has.
func columns(points [][]results.Param, plane [2]string) int {
	fields := map[string]map[string]int{} // setting of the others → x → fields
	for _, point := range points {
		var x string
		var others []string
		for _, p := range point {
			switch p.Key {
			case plane[0]:
				x = p.Value
			case plane[1]:
			default:
				others = append(others, p.Key+"="+p.Value)
			}
		}
		setting := strings.Join(others, " ")
		if fields[setting] == nil {
			fields[setting] = map[string]int{}
		}
		fields[setting][x]++
	}
	best := 0
	for _, column := range fields {
		full := 0
		for _, n := range column {
			if n >= 3 {
				full++
			}
		}
		best = max(best, full)
	}
	return best
}

// What verdicts rank by is a metric of the load with a direction, or ns/op.
func TestRanksHaveADirection(t *testing.T) {
	loads(func(s harness.Suite, _ int, l harness.Load) {
		if l.Ranks.Unit != "" && (l.Ranks.Better == results.Neither || !slices.Contains(l.Metrics, l.Ranks)) {
			t.Errorf("%s, %s: it ranks by %+v, want one of its metrics that has a direction", s.Title(), l.Name, l.Ranks)
		}
		for _, m := range l.Metrics {
			if m.Unit == "" || m.About == "" {
				t.Errorf("%s, %s: got metric %+v, want a unit and what it is", s.Title(), l.Name, m)
			}
		}
	})
}

// Two contracts may not give one name to different promises.
func TestPromisesHaveOneMeaning(t *testing.T) {
	meanings := map[string]string{}
	for _, s := range workloads.All() {
		for _, c := range s.Impls {
			for _, p := range c.Promises {
				if p.Meaning == "" || meanings[p.Name] != "" && meanings[p.Name] != p.Meaning {
					t.Errorf("%s/%s: promise %q means %q and %q", s.Title(), c.Name, p.Name, p.Meaning, meanings[p.Name])
				}
				meanings[p.Name] = p.Meaning
			}
		}
	}
}

// Every promise that a contender makes is probed by a load under which it runs.
// Otherwise an implementation from elsewhere would carry it unchecked.
func TestEveryPromiseIsProbed(t *testing.T) {
	for _, s := range workloads.All() {
		for _, c := range s.Impls {
			if c.Role != impls.Contender {
				continue
			}
			probed := map[impls.Promise]bool{}
			for _, l := range s.LoadsOf(c.Name) {
				for _, p := range l.Probes {
					probed[p] = true
				}
			}
			for _, p := range c.Promises {
				if !probed[p] {
					t.Errorf("%s/%s promises %s, and no load that it runs under probes it", s.Title(), c.Name, p)
				}
			}
		}
	}
}

func plan(t *testing.T, preset string) rounds.Plan {
	t.Helper()
	p, err := rounds.FindPreset(preset)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := rounds.NewPlan(workloads.All(), p, rounds.Selection{}, 2, func(impls.Card) string { return "contend" })
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// quickBudget is what the quick preset may take for all patterns that stand, of 300 s for
// all 20.
const quickBudget = 190 * time.Second

// The quick preset keeps within its budget, by its own estimate, and measures something
// of every suite.
func TestQuickKeepsItsBudget(t *testing.T) {
	p := plan(t, "quick")
	if got := p.Takes(); got > quickBudget {
		t.Errorf("got %v, want at most %v", got.Round(time.Second), quickBudget)
	}
	for _, s := range p.Shares {
		if s.Cells < 2 || s.Takes > s.Suite.QuickShare {
			t.Errorf("%s: got %d cells in %v, want some within %v",
				s.Suite.Title(), s.Cells, s.Takes.Round(time.Second), s.Suite.QuickShare)
		}
	}
}

// The standard preset keeps everything: each contender that can run here, at some point
// of its suite.
func TestStandardKeepsEveryImplementation(t *testing.T) {
	measured := map[string]bool{}
	for _, b := range plan(t, "standard").Blocks {
		for _, j := range b {
			measured[j.Cell.Contract+"/"+j.Cell.Impl] = true
		}
	}
	for _, s := range workloads.All() {
		for _, c := range s.Impls {
			if c.Role == impls.Contender && c.Unavailable() == nil && !measured[s.Contract+"/"+c.Name] {
				t.Errorf("%s/%s: got no cell in standard, want one", s.Title(), c.Name)
			}
		}
	}
}

// Every point that is measured has the A/A pair of its certificate.
func TestEveryPointHasAnAlias(t *testing.T) {
	for _, name := range []string{"quick", "standard"} {
		for _, b := range plan(t, name).Blocks {
			if !slices.ContainsFunc(b, func(j rounds.Job) bool { _, again := j.Cell.Unalias(); return again }) {
				t.Errorf("%s: %s: got no alias among %d cells, want that of its baseline", name, b[0].Cell.Point(), len(b))
			}
		}
	}
}

// Every load that wants fairness gets a fairness window, in quick at its cheapest point
// and in standard.
func TestLoadsThatWantFairnessGetIt(t *testing.T) {
	for _, name := range []string{"quick", "standard"} {
		p, wanted := plan(t, name), map[string]bool{}
		preset, err := rounds.FindPreset(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range p.Blocks {
			for _, j := range b {
				if key := j.Cell.Contract + " " + j.Load.Name; j.Load.WantsFairness {
					wanted[key] = wanted[key] || preset.Spec(j, 1).Fairness > 0
				}
			}
		}
		for load, got := range wanted {
			if !got {
				t.Errorf("%s: got no fairness window for %s, want one", name, load)
			}
		}
		if !wanted["lockfree/queue transfer"] {
			t.Errorf("%s: got no fairness window for the queues' transfer, want one", name)
		}
	}
}
