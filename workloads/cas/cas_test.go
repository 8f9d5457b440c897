package cas_test

import (
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/cas"
)

func TestCAS(t *testing.T) { harness.Test(t, cas.All()...) }

func BenchmarkCAS(b *testing.B) { harness.Bench(b, cas.All()...) }
