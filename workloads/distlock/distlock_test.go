package distlock_test

import (
	"os"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/workloads/distlock"
)

// TestMain makes the tests' own executable run what trials start.
func TestMain(m *testing.M) {
	if child.Is() {
		os.Exit(child.Main(append(distlock.All(), distlock.Suite(liarTable()...))))
	}
	os.Exit(m.Run())
}

func TestDistlock(t *testing.T) { harness.TestFor(t, 15*time.Second, distlock.All()...) }

func BenchmarkDistlock(b *testing.B) { harness.Bench(b, distlock.All()...) }

// Every load measures its own baseline, whichever locks are given.
func TestBaselines(t *testing.T) {
	tables := map[string][]impls.Impl[locks.Backend]{
		"all": append(locks.All(), locks.Engines()...), "engines": locks.Engines(), "flock": locks.All()[3:4],
	}
	for name, table := range tables {
		s := distlock.Suite(table...)
		if err := harness.CheckSuites([]harness.Suite{s}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for i, l := range s.Loads {
			cases := s.Cases(i)
			found := len(cases) == 0
			for _, c := range cases {
				found = found || c.Impl.Name == l.Baseline
			}
			if !found {
				t.Errorf("%s, %s: got baseline %s, want one that the load measures", name, l.Name, l.Baseline)
			}
		}
	}
}
