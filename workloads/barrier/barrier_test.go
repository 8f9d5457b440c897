package barrier_test

import (
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/barrier"
)

func TestBarrier(t *testing.T) { harness.Test(t, barrier.All()...) }

func BenchmarkBarrier(b *testing.B) { harness.Bench(b, barrier.All()...) }
