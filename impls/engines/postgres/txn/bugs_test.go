package txn

import (
	"context"
	"os"
	"slices"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/harness/process"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/engines/anomaly"
	"github.com/contendbench/contend/impls/engines/postgres"
	"github.com/contendbench/contend/impls/txn"
	loads "github.com/contendbench/contend/workloads/txn"
)

// TestMain makes the tests' own executable run what trials start.
func TestMain(m *testing.M) {
	if child.Is() {
		os.Exit(child.Main(nil))
	}
	os.Exit(m.Run())
}

// Isolation levels that are sold as serializable.
var bugs = []struct {
	impls.Bug[txn.Backend]
	shows []string // anomalies
}{
	{
		impls.Bug[txn.Backend]{
			Name: "snapshot", Flaw: "it does not look at what transactions have read", New: RepeatableRead(),
		},
		[]string{"write skew", "write skew by a deletion", "phantom"},
	},
	{
		impls.Bug[txn.Backend]{
			Name: "without-for-update", Flaw: "each statement reads what has committed, and locks nothing",
			New: backend(protocol{
				update: readCommitted, view: "begin isolation level read committed read only", wrap: plain,
			}),
		},
		[]string{
			"lost update", "read skew", "read skew of an attempt", "fuzzy scan", "write skew", "write skew by a deletion",
			"phantom",
		},
	},
}

// running has a backend use a server that runs until the test ends.
func running(t *testing.T, b txn.Backend) txn.Backend {
	t.Helper()
	if err := postgres.Missing(); err != nil {
		t.Skip(err)
	}
	host, err := process.New(process.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := host.Close(); err != nil {
			t.Errorf("ending the server: got %v, want none", err)
		}
	})
	c, err := b.Start(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	b.Start = func(context.Context, impls.Host) (impls.Cluster, error) { return c, nil }
	return b
}

func TestBugsShowAnomalies(t *testing.T) {
	for _, b := range bugs {
		t.Run(b.Name, func(t *testing.T) {
			backend := running(t, b.New)
			c, err := backend.Start(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, a := range anomaly.All {
				want, tries := slices.Contains(b.shows, a.Name), 1
				if want {
					tries = 5
				}
				got := a.ShowsIn(t, tries, func() txn.Store {
					s, err := backend.Open(t.Context(), c.Endpoint(), txn.Options{Backoff: txn.Exponential})
					if err != nil {
						t.Fatal(err)
					}
					return s
				})
				if got != want {
					t.Errorf("%s: got %v, want %v", a.Name, got, want)
				}
			}
		})
	}
}

// The loads find what loses updates.
func TestLoadsFindLostUpdates(t *testing.T) {
	bug := bugs[1].Bug
	bug.Twin, bug.New = "twin", running(t, bug.New)
	twin := impls.New("twin", impls.Library, "PostgreSQL", bug.New, txn.Serializable)
	suite := loads.Optimistic(impls.Seed([]impls.Impl[txn.Backend]{twin}, bug)...)
	harness.Finds(t, suite, "mix", "increments were committed")
	harness.Finds(t, suite, "bank", "in all accounts, want")
}
