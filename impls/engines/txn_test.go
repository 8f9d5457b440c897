package engines

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/process"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/engines/anomaly"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/txntest"
	loads "github.com/contendbench/contend/workloads/txn"
)

// txnSuites are the transactions of this executable, and the bugs of its tests.
func txnSuites() []harness.Suite {
	return []harness.Suite{loads.Optimistic(Optimistic()...), loads.Pessimistic(Pessimistic()...)}
}

// startTime is how long a test stresses a store whose windows each start a server.
const startTime = 2 * time.Second

func TestOptimistic(t *testing.T) { harness.TestFor(t, startTime, txnSuites()[0]) }

func TestPessimistic(t *testing.T) { harness.TestFor(t, startTime, txnSuites()[1]) }

// The same loads have far more windows on servers that run already.
func TestOnRunningServers(t *testing.T) {
	all := servers{}
	harness.Test(t, loads.Optimistic(all.running(t, Optimistic())...), loads.Pessimistic(all.running(t, Pessimistic())...))
}

// lasting are servers that no load ends.
type lasting struct{ impls.Cluster }

func (lasting) Close() error { return nil }

// running has the stores of a table use servers that run until the test ends.
func (all servers) running(t *testing.T, table []impls.Impl[txn.Backend]) (running []impls.Impl[txn.Backend]) {
	t.Helper()
	for _, i := range table {
		if i.Unavailable() == nil {
			c := all.start(t, t, i)
			i.New.Start = func(context.Context, impls.Host) (impls.Cluster, error) { return lasting{c}, nil }
		}
		running = append(running, i)
	}
	return running
}

// servers are what stores need, by the name of the server. They run until the test ends.
type servers map[string]impls.Cluster

// start starts what a store needs, or finds it running.
func (all servers) start(t, until *testing.T, i impls.Impl[txn.Backend]) impls.Cluster {
	t.Helper()
	if err := i.Unavailable(); err != nil {
		t.Skip(err)
	}
	name := i.Requires.Server
	if all[name] == nil {
		given := map[string]string{}
		if name == "etcd" { // its server is a function of this executable, for trials only
			port, peer := ports(t)
			given[name] = ownEtcd(until, port, peer).address
		}
		all[name] = startOn(until, i, given)
	}
	return all[name]
}

// startOn starts a store's servers, or has it use the given ones.
func startOn(t *testing.T, i impls.Impl[txn.Backend], given map[string]string) impls.Cluster {
	t.Helper()
	host, err := process.New(process.Options{Endpoints: given})
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
	return c
}

func open(t *testing.T, i impls.Impl[txn.Backend], c impls.Cluster, o txn.Options) txn.Store {
	t.Helper()
	s, err := i.New.Open(t.Context(), c.Endpoint(), o)
	if err != nil {
		t.Fatalf("Open: got %v, want none", err)
	}
	return s
}

type opener = func(*testing.T, txn.Options) txn.Store

// eachStore runs test for every store with the promises, with a function that opens some.
func eachStore(
	parent *testing.T, test func(*testing.T, impls.Impl[txn.Backend], opener),
	promises ...impls.Promise,
) {
	all := servers{}
	implstest.Each(parent, slices.Concat(Optimistic(), Pessimistic()), func(t *testing.T, i impls.Impl[txn.Backend]) {
		c := all.start(t, parent, i)
		test(t, i, func(t *testing.T, o txn.Options) txn.Store { return open(t, i, c, o) })
	}, promises...)
	for server, c := range all {
		if err := c.Close(); err != nil {
			parent.Errorf("leaving %s: got %v, want none", server, err)
		}
	}
}

func TestContract(t *testing.T) {
	eachStore(t, func(t *testing.T, _ impls.Impl[txn.Backend], open opener) { txntest.Contract(t, open) })
}

// A store shows no anomaly that its promises exclude. Snapshot isolation shows write skew.
func TestAnomalies(t *testing.T) {
	eachStore(t, func(t *testing.T, i impls.Impl[txn.Backend], open opener) {
		for _, a := range anomaly.All {
			want, tries := i.Has(txn.Snapshot) && a.Name == "write skew", 1
			if want {
				tries = 5
			}
			shown := a.ShowsIn(t, tries, func() txn.Store { return open(t, txn.Options{Backoff: txn.Exponential}) })
			if excluded := slices.ContainsFunc(a.Levels, i.Has); shown && excluded {
				t.Errorf("got %s, want none", a.Name)
			}
			if want && !shown {
				t.Errorf("got no %s, want one", a.Name)
			}
			t.Logf("%s: %v", a.Name, shown)
		}
	})
}

// A body's error and its panic do not count if what it has read is of two states.
func TestHalfReadsDoNotCount(parent *testing.T) {
	halves := map[string]func() error{
		"error": func() error { return errors.New("half") },
		"panic": func() error { panic("half") },
	}
	all := servers{}
	table := slices.DeleteFunc(Optimistic(), func(i impls.Impl[txn.Backend]) bool { return i.Has(txn.ReadsOn) })
	for _, i := range table { // no other lets the inner transaction commit
		parent.Run(i.Name, func(t *testing.T) {
			c, want := all.start(t, parent, i), 2
			if i.Has(txn.Opaque) {
				want = 1
			}
			for name, half := range halves {
				s := open(t, i, c, txn.Options{Backoff: txn.Yield})
				if runs, err := anomaly.HalfReads(t, s, half); err != nil || runs != want {
					t.Errorf("%s: got %d runs and %v, want %d and none", name, runs, err, want)
				}
				if err := s.Close(); err != nil {
					t.Errorf("Close: got %v, want none", err)
				}
			}
		})
	}
}

// A context that ends ends a wait, and leaves nothing locked.
func TestContextsEndWaits(t *testing.T) {
	eachStore(t, func(t *testing.T, _ impls.Impl[txn.Backend], open opener) {
		s := open(t, txn.Options{Backoff: txn.Yield})
		put := func(tx txn.Tx) error { return tx.Put(1, []byte("other")) }
		if err := s.Update(t.Context(), func(tx txn.Tx) error {
			if err := tx.Put(1, []byte("first")); err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			if err := s.Update(ctx, put); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("a write that waits: got %v, want the error of its context", err)
			}
			canceled, cancel := context.WithCancel(t.Context())
			time.AfterFunc(100*time.Millisecond, cancel)
			if err := s.Update(canceled, put); !errors.Is(err, context.Canceled) {
				t.Errorf("a write that waits: got %v, want the error of its context", err)
			}
			return nil
		}); err != nil {
			t.Errorf("Update: got %v, want none", err)
		}
		_ = s.View(t.Context(), func(tx txn.Tx) error {
			if got, err := tx.Get(1); err != nil || string(got) != "first" {
				t.Errorf("got %q, %v, want what was written first", got, err)
			}
			return nil
		})
		if err := s.Update(t.Context(), put); err != nil {
			t.Errorf("a later Update: got %v, want none", err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("Close: got %v, want none", err)
		}
	}, impls.Cancellable)
}

// Stores on a user's own servers leave nothing there, also where they were not closed, and
// do not touch the user's own.
func TestStoresOnOwnServers(t *testing.T) {
	for _, c := range []struct {
		engine string
		start  func(*testing.T, int, int) own
	}{{"etcd", ownEtcd}, {"redis", ownRedis}, {"postgres", ownPostgres}} {
		t.Run(c.engine, func(t *testing.T) {
			port, peer := ports(t)
			server := c.start(t, port, peer)
			for _, i := range slices.Concat(Optimistic(), Pessimistic()) {
				if i.Requires.Server != c.engine {
					continue
				}
				at := startOn(t, i, map[string]string{c.engine: server.address})
				for _, closed := range []bool{true, false} {
					s := open(t, i, at, txn.Options{})
					if err := s.Update(t.Context(), func(tx txn.Tx) error { return tx.Put(1, nil) }); err != nil {
						t.Errorf("%s: Update: got %v, want none", i.Name, err)
					}
					if closed {
						if err := s.Close(); err != nil {
							t.Errorf("%s: Close: got %v, want none", i.Name, err)
						}
						onlyMine(t, i.Name, server)
					}
				}
				if err := at.Close(); err != nil {
					t.Errorf("%s: leaving the server: got %v, want none", i.Name, err)
				}
				onlyMine(t, i.Name, server)
			}
		})
	}
}

// Bodies that panic, or end their goroutine, keep no connection, of which a store has few.
func TestPanicsKeepNoConnection(t *testing.T) {
	const more = 100 // than a store has
	eachStore(t, func(t *testing.T, _ impls.Impl[txn.Backend], open opener) {
		s := open(t, txn.Options{Backoff: txn.Yield})
		for n := range more {
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				defer func() { _ = recover() }()
				_ = s.Update(context.Background(), func(tx txn.Tx) error {
					_ = tx.Put(1, nil)
					if n%2 == 0 {
						runtime.Goexit()
					}
					panic("a body's panic")
				})
			}()
			<-ended
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := s.Update(ctx, func(tx txn.Tx) error { return tx.Put(1, nil) }); err != nil {
			t.Errorf("an Update after %d that panicked: got %v, want none", more, err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("Close: got %v, want none", err)
		}
	})
}
