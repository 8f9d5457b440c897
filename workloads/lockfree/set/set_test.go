package set_test

import (
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/lockfree/set"
)

func TestSet(t *testing.T) { harness.TestFor(t, 800*time.Millisecond, set.All()...) }

func BenchmarkSet(b *testing.B) { harness.Bench(b, set.All()...) }
