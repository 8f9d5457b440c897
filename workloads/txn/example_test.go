package txn_test

import (
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/optimistic"
	"github.com/contendbench/contend/workloads/txn"
)

// A constructor and the promises of its type are all that a test needs.
func ExampleOptimistic() {
	mine := impls.New("mystore", impls.Atomic, "this module",
		txns.InMemory(func(o txns.Options) txns.Store { return optimistic.NewSilo(o) }), txns.StrictSerializable)
	_ = func(t *testing.T) { harness.Test(t, txn.Optimistic(mine)) }
	_ = func(b *testing.B) { harness.Bench(b, txn.Optimistic(mine)) }
}
