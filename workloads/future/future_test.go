package future_test

import (
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/future"
)

func TestFuture(t *testing.T) { harness.TestFor(t, time.Second, future.All()...) }

func BenchmarkFuture(b *testing.B) { harness.Bench(b, future.All()...) }
