package plots_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/contendbench/contend/plots"
	"github.com/contendbench/contend/results"
)

// wide is a run of many contracts and workloads, all with the same trials.
func wide(t *testing.T, contracts, works int) *results.Run {
	t.Helper()
	one := recipe{seed: 6, impls: 3, goroutines: []int{1, 2, 8}, rounds: 3}.run(t)
	run := &results.Run{Info: one.Info}
	run.Info.Works = nil
	for c := range contracts {
		for w := range works {
			contract, work := fmt.Sprintf("contract%d", c), fmt.Sprintf("work%d", w)
			info := results.WorkInfo{Contract: contract, Name: work, Op: "turn", Curve: "goroutines"}
			run.Info.Works = append(run.Info.Works, info)
			for _, tr := range one.Trials {
				tr.Contract, tr.Work = contract, work
				run.Trials = append(run.Trials, tr)
			}
		}
	}
	return run
}

// sectionsOf counts charts by workload.
func sectionsOf(charts []plots.Chart) (names []string, counts map[string]int) {
	counts = map[string]int{}
	for _, c := range charts {
		if counts[c.Section]++; counts[c.Section] == 1 {
			names = append(names, c.Section)
		}
	}
	return names, counts
}

func TestEveryWorkloadGetsItsShareOfTheCharts(t *testing.T) {
	for _, works := range []int{1, 2, 6} {
		run := wide(t, 10, works)
		charts := plots.Charts(run)
		names, counts := sectionsOf(charts)
		if len(names) != 10*works || len(charts) != 60 {
			t.Errorf("got %d charts of %d workloads, want 60 of %d", len(charts), len(names), 10*works)
		}
		for name, n := range counts {
			if want := 60 / (10 * works); n != want {
				t.Errorf("charts of %s: got %d, want %d", name, n, want)
			}
		}
		if !slices.IsSortedFunc(charts, func(a, b plots.Chart) int {
			return slices.Index(names, a.Section) - slices.Index(names, b.Section)
		}) {
			t.Errorf("got charts in the order %v, want those of a workload together", names)
		}
		if works == 6 && !strings.Contains(charts[0].Name, "scaling") {
			t.Errorf("the only chart of a workload: got %s, want its curve", charts[0].Name)
		}
	}
}

// A share that a workload does not need goes to the others.
func TestRoomThatIsLeftIsUsed(t *testing.T) {
	run := wide(t, 10, 1)
	run.Trials = slices.DeleteFunc(run.Trials, func(tr results.Trial) bool {
		return tr.Contract != "contract7" && tr.Params[0].Value != "1"
	})
	_, counts := sectionsOf(plots.Charts(run))
	if len(counts) != 10 || counts["contract7 work0"] <= counts["contract0 work0"] {
		t.Errorf("charts by workload: got %v, want most of them for contract7", counts)
	}
}

// A single row has a chart, too: there is nothing to compare, but a number to show.
func TestALonelyImplementationHasAChart(t *testing.T) {
	for _, goroutines := range [][]int{{8}, {1, 8}} {
		run := recipe{seed: 7, impls: 1, goroutines: goroutines, rounds: 3}.run(t)
		run.Info.Works = nil // no curve
		charts := plots.Charts(run)
		if len(charts) == 0 || !strings.Contains(charts[0].Name, "time") {
			t.Errorf("at %d goroutines: got charts %v, want one of times", goroutines, charts)
			continue
		}
		svg, err := charts[0].SVG()
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range goroutines {
			if len(goroutines) > 1 && !strings.Contains(string(svg), fmt.Sprintf("(goroutines=%d)", n)) {
				t.Errorf("got a chart without the point of %d goroutines, want it shown", n)
			}
		}
	}
}

// On a logarithmic axis, shares of readers such as 99 and 100 would overlap. Counts do
// not.
func TestCurvesOverSharesHaveEqualSteps(t *testing.T) {
	for _, c := range []struct {
		values []int
		equal  bool
	}{{[]int{1, 2, 8, 64}, false}, {[]int{50, 90, 99, 100}, true}, {[]int{0, 50, 100}, true}} {
		few := recipe{seed: 8, impls: 2, goroutines: []int{1, 2, 3, 4}[:len(c.values)], rounds: 3}
		run := changed(t, few, func(tr *results.Trial) {
			tr.Params[0].Value = strconv.Itoa(c.values[tr.Params[0].Value[0]-'1'])
		})
		charts := plots.Charts(run)
		if len(charts) == 0 || !strings.Contains(charts[0].Name, "scaling") {
			t.Fatalf("%v: got no curve, want one", c.values)
		}
		if got := strings.Contains(charts[0].Caption, "equal"); got != c.equal {
			t.Errorf("%v: got caption %q, want equal steps = %v", c.values, charts[0].Caption, c.equal)
		}
		svg, err := charts[0].SVG()
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range c.values {
			if !strings.Contains(string(svg), fmt.Sprintf(">%d<", v)) {
				t.Errorf("%v: got an axis without %d, want it labelled", c.values, v)
			}
		}
	}
}
