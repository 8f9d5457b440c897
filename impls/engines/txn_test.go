package engines

import (
	"slices"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/process"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/impls/loopback"
	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/txntest"
	loads "github.com/contendbench/contend/workloads/txn"
)

// txnSuites are the transactions of this executable, and the bugs of its tests.
func txnSuites() []harness.Suite {
	return []harness.Suite{loads.Optimistic(Optimistic()...), loads.Pessimistic(Pessimistic()...)}
}

func TestOptimistic(t *testing.T) { harness.Test(t, txnSuites()[0]) }

func TestPessimistic(t *testing.T) { harness.Test(t, txnSuites()[1]) }

// opener opens stores on one server, which runs until the test ends.
func opener(t *testing.T, i impls.Impl[txn.Backend]) func(*testing.T, txn.Options) txn.Store {
	t.Helper()
	if err := i.Unavailable(); err != nil {
		t.Skip(err)
	}
	o := process.Options{Endpoints: map[string]string{}}
	if i.Requires.Server == "etcd" { // its server is a function of this executable, for trials only
		ports, err := loopback.Ports(2)
		if err != nil {
			t.Fatal(err)
		}
		o.Endpoints["etcd"] = ownEtcd(t, ports[0], ports[1]).address
	}
	host, err := process.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := host.Close(); err != nil {
			t.Errorf("ending the servers: got %v, want none", err)
		}
	})
	c, err := i.New.Start(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("leaving the servers: got %v, want none", err)
		}
	})
	return func(t *testing.T, o txn.Options) txn.Store {
		t.Helper()
		s, err := i.New.Open(t.Context(), c.Endpoint(), o)
		if err != nil {
			t.Fatalf("Open: got %v, want none", err)
		}
		return s
	}
}

func TestContract(t *testing.T) {
	implstest.Each(t, slices.Concat(Optimistic(), Pessimistic()), func(t *testing.T, i impls.Impl[txn.Backend]) {
		txntest.Contract(t, opener(t, i))
	})
}
