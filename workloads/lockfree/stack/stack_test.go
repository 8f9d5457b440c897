package stack_test

import (
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/lockfree/stack"
)

func TestStack(t *testing.T) { harness.TestFor(t, time.Second, stack.All()...) }

func BenchmarkStack(b *testing.B) { harness.Bench(b, stack.All()...) }
