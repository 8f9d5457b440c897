package set_test

import (
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/lockfree/set"
)

func TestSet(t *testing.T) { harness.Test(t, set.All()...) }

func BenchmarkSet(b *testing.B) { harness.Bench(b, set.All()...) }
