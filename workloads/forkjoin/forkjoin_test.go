package forkjoin_test

import (
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/forkjoin"
)

func TestForkJoin(t *testing.T) { harness.TestFor(t, time.Second, forkjoin.All()...) }

func BenchmarkForkJoin(b *testing.B) { harness.Bench(b, forkjoin.All()...) }
