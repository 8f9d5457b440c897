package singleton_test

import (
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/singleton"
)

func TestSingleton(t *testing.T) { harness.TestFor(t, 600*time.Millisecond, singleton.All()...) }

func BenchmarkSingleton(b *testing.B) { harness.Bench(b, singleton.All()...) }
