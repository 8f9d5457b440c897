package semaphore_test

import (
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/semaphore"
)

func TestSemaphore(t *testing.T) { harness.TestFor(t, time.Second, semaphore.All()...) }

func BenchmarkSemaphore(b *testing.B) { harness.Bench(b, semaphore.All()...) }
