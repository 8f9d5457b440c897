package actor_test

import (
	"os"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/workloads/actor"
)

// TestMain makes the tests' own executable run what trials start.
func TestMain(m *testing.M) {
	if child.Is() {
		os.Exit(child.Main(actor.All()))
	}
	os.Exit(m.Run())
}

func TestActor(t *testing.T) { harness.TestFor(t, 3*time.Second, actor.All()...) }

func BenchmarkActor(b *testing.B) { harness.Bench(b, actor.All()...) }
