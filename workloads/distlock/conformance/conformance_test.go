package conformance_test

import (
	"os"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/results"
	"github.com/contendbench/contend/workloads/distlock/conformance"
)

// TestMain makes the tests' own executable run what trials start.
func TestMain(m *testing.M) {
	if child.Is() {
		os.Exit(child.Main([]harness.Suite{all(), conformance.Suite(boasters()...)}))
	}
	os.Exit(m.Run())
}

func all() harness.Suite { return conformance.Suite(distlock.All()...) }

// probe runs a lock's probes in a process of their own.
func probe(t *testing.T, impl string) child.Outcome {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	spec := harness.DefaultSpec(results.Cell{Contract: "distlock", Work: "conformance", Impl: impl, Procs: 2})
	spec.Windows, spec.Latency, spec.NoProbe = 1, 0, true
	out, err := child.Run(t.Context(), self, spec, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestConformance(t *testing.T) {
	implstest.Each(t, distlock.All(), func(t *testing.T, i impls.Impl[distlock.Backend]) {
		t.Parallel() // mostly, the probes wait
		if out := probe(t, i.Name); out.Status != results.Ok {
			t.Errorf("got %s, want %s: %s", out.Status, results.Ok, out.Text)
		}
	})
}

// boasters are locks that make a promise too many.
func boasters() (table []impls.Impl[distlock.Backend]) {
	for _, i := range distlock.All() {
		extra := map[string]impls.Promise{
			"flock": distlock.Expires, "lease": distlock.Durable, "lease-wal": distlock.Released,
		}[i.Name]
		if extra.Name != "" {
			i.Name, i.Promises = "boasting-"+i.Name, append(i.Promises[:len(i.Promises):len(i.Promises)], extra)
			table = append(table, i)
		}
	}
	return table
}

func TestBoastersAreFound(t *testing.T) {
	if testing.Short() {
		t.Skip("the probes wait for many seconds")
	}
	for _, i := range boasters() {
		t.Run(i.Name, func(t *testing.T) {
			t.Parallel()
			if out := probe(t, i.Name); out.Status != results.Failed {
				t.Errorf("got %s, want %s: %s", out.Status, results.Failed, out.Text)
			}
		})
	}
}
