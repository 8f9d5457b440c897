package distlock_test

import (
	"os"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/distlock"
)

// TestMain lets the tests' own executable be what trials start.
func TestMain(m *testing.M) {
	if harness.IsChild() {
		os.Exit(harness.Child(append(harness.Rows(distlock.All()), harness.Rows(distlock.Pattern(liarTable()...))...)))
	}
	os.Exit(m.Run())
}

func TestDistlock(t *testing.T) { harness.Test(t, distlock.All()) }

func BenchmarkDistlock(b *testing.B) { harness.Bench(b, distlock.All()) }
