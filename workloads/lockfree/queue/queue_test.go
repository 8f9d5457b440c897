package queue_test

import (
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/lockfree/queue"
)

func TestQueue(t *testing.T) { harness.TestFor(t, time.Second, queue.All()...) }

func BenchmarkQueue(b *testing.B) { harness.Bench(b, queue.All()...) }
