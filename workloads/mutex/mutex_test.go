package mutex_test

import (
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/mutex"
)

func TestMutex(t *testing.T) { harness.TestFor(t, time.Second, mutex.All()...) }

func BenchmarkMutex(b *testing.B) { harness.Bench(b, mutex.All()...) }
