package singleton_test

import (
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/singleton"
)

func TestSingleton(t *testing.T) { harness.Test(t, singleton.All()...) }

func BenchmarkSingleton(b *testing.B) { harness.Bench(b, singleton.All()...) }
