package cas_test

import (
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/cas"
)

func TestCAS(t *testing.T) { harness.TestFor(t, 600*time.Millisecond, cas.All()...) }

func BenchmarkCAS(b *testing.B) { harness.Bench(b, cas.All()...) }
