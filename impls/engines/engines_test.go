package engines

import (
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/txn/optimistic"
	"github.com/contendbench/contend/impls/txn/pessimistic"
	"github.com/contendbench/contend/results"
	"github.com/contendbench/contend/workloads/distlock/conformance"
)

// TestMain makes the tests' own executable run what trials start.
func TestMain(m *testing.M) {
	if child.Is() {
		os.Exit(child.Main(append(txnSuites(), conformance.Suite(Distlock()...))))
	}
	os.Exit(m.Run())
}

// This executable runs what contend lists, and nothing else.
func TestTheTables(t *testing.T) {
	t.Run("distlock", func(t *testing.T) { listed(t, distlock.Engines(), Distlock(), distlocks) })
	t.Run("optimistic", func(t *testing.T) { listed(t, optimistic.Engines(), Optimistic(), optimists) })
	t.Run("pessimistic", func(t *testing.T) { listed(t, pessimistic.Engines(), Pessimistic(), pessimists) })
}

func listed[C any](t *testing.T, declared, linked []impls.Impl[C], constructors map[string]C) {
	if err := impls.Check(linked); err != nil {
		t.Error(err)
	}
	var want []string
	for _, r := range declared {
		want = append(want, r.Name)
	}
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(constructors)); !slices.Equal(got, want) {
		t.Errorf("got backends for %v, want %v", got, want)
	}
}

// trial runs a lock's conformance in a process of its own.
func trial(t *testing.T, impl string, endpoints map[string]string) child.Outcome {
	t.Helper()
	out, err := child.Run(t.Context(), executable(t), conformanceOf(impl, endpoints), 3*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if out.Status != results.Ok {
		t.Errorf("got %s, want %s: %s", out.Status, results.Ok, out.Text)
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
			t.Parallel() // mostly, the trials wait
			out := trial(t, r.Name, nil)
			t.Logf("%.0f acquisitions/s", out.Values["ops/s"])
		})
	}
}
