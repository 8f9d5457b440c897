package task_test

import (
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	tasks "github.com/contendbench/contend/impls/task"
	"github.com/contendbench/contend/workloads/task"
)

// A constructor and the promises of its type are all that a test needs.
func ExampleWorkers() {
	mine := impls.New("mypool", impls.Channel, "this module",
		func(workers, queue int) tasks.Pool { return tasks.NewChannel(workers, queue) }, tasks.Limited, tasks.Blocks)
	_ = func(t *testing.T) { harness.Test(t, task.Workers(mine)) }
	_ = func(b *testing.B) { harness.Bench(b, task.Workers(mine)) }
}
