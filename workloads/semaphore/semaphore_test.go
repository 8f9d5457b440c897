package semaphore_test

import (
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/semaphore"
)

func TestSemaphore(t *testing.T) { harness.Test(t, semaphore.All()...) }

func BenchmarkSemaphore(b *testing.B) { harness.Bench(b, semaphore.All()...) }
