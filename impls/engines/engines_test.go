package engines

import (
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/engines/conformance"
	"github.com/contendbench/contend/results"
)

// TestMain lets the tests' own executable be what trials start.
func TestMain(m *testing.M) {
	if harness.IsChild() {
		os.Exit(harness.Child(harness.Rows(conformance.Pattern(Distlock()...))))
	}
	os.Exit(m.Run())
}

// What contend lists, this executable runs, and nothing else.
func TestTheTable(t *testing.T) {
	rows := Distlock()
	if err := impls.Check(rows); err != nil {
		t.Error(err)
	}
	var names []string
	for _, r := range distlock.Engines() {
		names = append(names, r.Name)
	}
	slices.Sort(names)
	if have := slices.Sorted(maps.Keys(backends)); !slices.Equal(have, names) {
		t.Errorf("backends for %v, contend lists %v", have, names)
	}
}

// trial runs a row's conformance in a process of its own.
func trial(t *testing.T, impl string, endpoints map[string]string) harness.Outcome {
	t.Helper()
	out, err := harness.Run(t.Context(), executable(t), conformanceOf(impl, endpoints), 3*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if out.Status != results.Ok {
		t.Errorf("%s: %s", out.Status, out.Text)
		for name, text := range out.Evidence {
			t.Logf("%s:\n%s", name, text)
		}
	}
	return out
}

func conformanceOf(impl string, endpoints map[string]string) harness.Spec {
	spec := harness.DefaultSpec(results.Cell{Contract: "distlock", Work: "conformance", Impl: impl, Procs: 2})
	spec.Windows, spec.Latency, spec.Grace, spec.Endpoints = 1, 0, time.Minute, endpoints
	return spec
}

func executable(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return self
}

func TestConformance(t *testing.T) {
	for _, r := range Distlock() {
		t.Run(r.Name, func(t *testing.T) {
			if err := r.Unavailable(); err != nil {
				t.Skip(err)
			}
			t.Parallel() // they wait, most of the time
			out := trial(t, r.Name, nil)
			t.Logf("%.0f acquisitions/s", out.Values["ops/s"])
		})
	}
}
