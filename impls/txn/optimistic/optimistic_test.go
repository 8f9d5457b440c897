package optimistic_test

import (
	"testing"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/optimistic"
	"github.com/contendbench/contend/impls/txn/txntest"
)

func TestTables(t *testing.T) {
	implstest.Tables(t, optimistic.All(), optimistic.Broken(), "broken.go")
}

func TestContract(t *testing.T) {
	implstest.Each(t, optimistic.All(), func(t *testing.T, i impls.Impl[txn.Backend]) {
		txntest.Contract(t, func(t *testing.T, o txn.Options) txn.Store {
			s, err := i.New.Open(t.Context(), "", o)
			if err != nil {
				t.Fatalf("Open: got %v, want none", err)
			}
			return s
		})
	})
}
