package pessimistic_test

import (
	"testing"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/pessimistic"
	"github.com/contendbench/contend/impls/txn/txntest"
)

func TestTables(t *testing.T) {
	implstest.Tables(t, pessimistic.All(), pessimistic.Broken(), "broken.go")
}

func TestContract(t *testing.T) {
	implstest.Each(t, pessimistic.All(), func(t *testing.T, i impls.Impl[txn.Backend]) {
		txntest.Contract(t, func(t *testing.T, o txn.Options) txn.Store {
			return open(t, i, o)
		})
	})
}

// open opens a store whose locks must be free when the test ends.
func open(t *testing.T, i impls.Impl[txn.Backend], o txn.Options) txn.Store {
	t.Helper()
	endpoint := ""
	if i.New.Start != nil {
		c, err := i.New.Start(t.Context(), host{dir: t.TempDir()})
		if err != nil {
			t.Fatalf("Start: got %v, want none", err)
		}
		endpoint = c.Endpoint()
	}
	s, err := i.New.Open(t.Context(), endpoint, o)
	if err != nil {
		t.Fatalf("Open: got %v, want none", err)
	}
	t.Cleanup(func() {
		if err := pessimistic.Held(s); err != nil {
			t.Error(err)
		}
	})
	return s
}

// host is a Host that has a folder, and starts nothing.
type host struct {
	impls.Host
	dir string
}

func (h host) Dir() string { return h.dir }
