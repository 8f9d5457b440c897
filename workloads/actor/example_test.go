package actor_test

import (
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	actors "github.com/contendbench/contend/impls/actor"
	"github.com/contendbench/contend/workloads/actor"
)

// A constructor and the promises of its type are all that a test needs.
func ExampleSuite() {
	mine := impls.New("myactors", impls.Mutex, "this module",
		func(dispatchers int) actors.System { return actors.NewCond(dispatchers) }, impls.Unbounded)
	_ = func(t *testing.T) { harness.Test(t, actor.Suite(mine)) }
	_ = func(b *testing.B) { harness.Bench(b, actor.Suite(mine)) }
}
