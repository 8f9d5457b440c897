package workloads_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/results"
	"github.com/contendbench/contend/workloads"
)

// works calls f with one row of every workload.
func works(f func(harness.Row)) {
	seen := map[string]bool{}
	for _, r := range harness.Rows(workloads.All()...) {
		if key := r.Contract + " " + r.Work.Name; !seen[key] {
			seen[key] = true
			f(r)
		}
	}
}

// A chart over a parameter that the workload does not have would be missing without a word.
func TestChartsAreOverParametersOfTheirWorkload(t *testing.T) {
	works(func(r harness.Row) {
		for _, key := range append(r.Work.Plane[:], r.Work.Curve) {
			has := slices.ContainsFunc(r.Work.Params, func(p harness.AnyParam) bool { return p.Name() == key })
			if key != "" && !has {
				t.Errorf("%s, %s: a chart is over %s, which is none of its parameters", r.Contract, r.Work.Name, key)
			}
		}
		if p := r.Work.Plane; (p[0] == "") != (p[1] == "") || p[0] != "" && p[0] == p[1] {
			t.Errorf("%s, %s: %q is no plane", r.Contract, r.Work.Name, p)
		}
	})
}

// The standard preset measures enough of every plane for a map: 3 columns of 3 fields, at one setting of the others.
func TestStandardHasAMapOfEveryPlane(t *testing.T) {
	maps := 0
	works(func(r harness.Row) {
		if r.Work.Plane[0] == "" {
			return
		}
		maps++
		if n := columns(r.Points(r.Work.Standard, nil), r.Work.Plane); n < 3 {
			t.Errorf("%s, %s: standard measures %d columns of 3 fields of the plane %q, want 3", r.Contract, r.Work.Name, n, r.Work.Plane)
		}
	})
	if maps == 0 {
		t.Error("no workload has a plane")
	}
}

// columns is how many columns of 3 fields or more the best setting of the other parameters has.
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

// The list and the report say what a promise means.
func TestEveryPromiseHasAMeaning(t *testing.T) {
	for _, r := range harness.Rows(workloads.All()...) {
		for _, p := range r.Impl.Promises {
			if p.Meaning() == "" {
				t.Errorf("%s/%s promises %q, of which impls does not say what it means", r.Contract, r.Impl.Name, p)
			}
		}
	}
}
