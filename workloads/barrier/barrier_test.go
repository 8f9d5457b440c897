package barrier_test

import (
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/barrier"
)

func TestBarrier(t *testing.T) { harness.TestFor(t, 800*time.Millisecond, barrier.All()...) }

func BenchmarkBarrier(b *testing.B) { harness.Bench(b, barrier.All()...) }
