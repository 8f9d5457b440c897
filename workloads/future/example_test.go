package future_test

import (
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	futures "github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/workloads/future"
)

// A constructor and the promises of its type are all that a test needs.
func ExampleSuite() {
	mine := impls.New("myfuture", impls.Mutex, "this module",
		func() futures.Promise[future.Value] { return futures.NewCond[future.Value]() }, impls.Cancellable)
	_ = func(t *testing.T) { harness.Test(t, future.Suite(mine)) }
	_ = func(b *testing.B) { harness.Bench(b, future.Suite(mine)) }
}
