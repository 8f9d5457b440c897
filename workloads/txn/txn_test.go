package txn_test

import (
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/txn/optimistic"
	"github.com/contendbench/contend/impls/txn/pessimistic"
	"github.com/contendbench/contend/workloads/txn"
)

func TestOptimistic(t *testing.T) { harness.Test(t, txn.Optimistic(optimistic.All()...)) }

func TestPessimistic(t *testing.T) { harness.Test(t, txn.Pessimistic(pessimistic.All()...)) }
