package mutex_test

import (
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/mutex"
)

func TestMutex(t *testing.T) { harness.Test(t, mutex.All()...) }

func BenchmarkMutex(b *testing.B) { harness.Bench(b, mutex.All()...) }
