package task_test

import (
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/task"
)

func TestTask(t *testing.T) { harness.TestFor(t, 1500*time.Millisecond, task.All()...) }

func BenchmarkTask(b *testing.B) { harness.Bench(b, task.All()...) }
