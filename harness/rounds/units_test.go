package rounds

import (
	"strings"
	"testing"
)

// A unit is written as trials spell it or as benchstat prints it. One that no trial of
// the plan can have is refused with the nearest that some have.
func TestUnitsOfAPlan(t *testing.T) {
	closed := plan(t, "quick", Selection{})
	open := plan(t, "quick", Selection{Set: map[string][]string{"rate-hz": {"500"}}})
	for _, c := range []struct {
		plan             Plan
		unit, want, says string
	}{
		{closed, "", "", ""},
		{closed, "ns/op", "ns/op", ""},
		{closed, "sec/op", "ns/op", ""},
		{closed, "p99-ns", "p99-ns", ""},
		{closed, "jain", "jain", ""},
		{closed, "p99ns", "", `did you mean "p99-ns"?`},
		{closed, "B/op", "", "no trial of this plan has it"},
		{closed, "kept-rate", "", "no trial of this plan has it"},
		{closed, "generator-late-p99-ns", "", "no trial of this plan has it"},
		{open, "kept-rate", "kept-rate", ""},
		{open, "generator-late-p99-ns", "generator-late-p99-ns", ""},
		{open, "service-p99-ns", "service-p99-ns", ""},
		{open, "ns/op", "", "no trial of this plan has it"},
	} {
		got, err := c.plan.Unit(Presets[0], c.unit)
		if got != c.want || (err != nil) != (c.says != "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: got %q and error %v, want %q and %q", c.unit, got, err, c.want, c.says)
		}
	}
}

// A comparison by a unit of some windows has these windows in every round.
func TestEveryRoundHasTheComparedUnit(t *testing.T) {
	jobs := plan(t, "quick", Selection{Filter: "/goroutines:8"}).all()
	for _, unit := range []string{"p99-ns", "sampling-cost", "jain", "starved", "own"} {
		preset := Presets[0].For(unit)
		for round := 1; round <= 4; round++ {
			s := preset.Spec(jobs[0], round)
			if fair := unit == "jain" || unit == "starved"; !fair && s.Latency == 0 || fair && s.Fairness == 0 {
				t.Errorf("%s, round %d: got %d timed windows and a fairness window of %v, want one",
					unit, round, s.Latency, s.Fairness)
			}
		}
	}
	if s := Presets[0].For("ns/op").Spec(jobs[0], 2); s.Latency != 0 {
		t.Errorf("ns/op, round 2: got %d timed windows, want none, as the preset has it", s.Latency)
	}
}

// Rows are the cells that have the unit. The second names of baselines are none.
func TestRowsOfAPlan(t *testing.T) {
	p := plan(t, "quick", Selection{}) // a and b at 1 goroutine, a at 8 and 64
	for unit, want := range map[string]int{"": 4, "ns/op": 4, "jain": 1, "kept-rate": 0} {
		if got := p.Rows(Presets[0], unit); got != want {
			t.Errorf("%q: got %d rows, want %d", unit, got, want)
		}
	}
}
