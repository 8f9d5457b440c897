package rwlock_test

import (
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/rwlock"
)

func TestRWLock(t *testing.T) { harness.TestFor(t, time.Second, rwlock.All()...) }

func BenchmarkRWLock(b *testing.B) { harness.Bench(b, rwlock.All()...) }
