package rwlock_test

import (
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/rwlock"
)

func TestRWLock(t *testing.T) { harness.Test(t, rwlock.All()...) }

func BenchmarkRWLock(b *testing.B) { harness.Bench(b, rwlock.All()...) }
