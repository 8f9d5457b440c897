package distlock_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/results"
)

// TestMain lets the tests' own executable be the servers.
func TestMain(m *testing.M) {
	if harness.IsChild() {
		os.Exit(harness.Child(suite(nil)))
	}
	os.Exit(m.Run())
}

func TestTables(t *testing.T) {
	if err := impls.Check(append(distlock.All(), distlock.Broken()...)); err != nil {
		t.Error(err)
	}
}

// suite is every lock under a workload that calls test within a trial, where there is a Host.
func suite(test func(distlock.Backend, distlock.Cluster)) []harness.Row {
	work := harness.Workload[distlock.Backend]{
		Name: "suite", Op: "test",
		Run: func(trial *harness.Trial, b distlock.Backend) error {
			host, err := trial.Host()
			if err != nil {
				return err
			}
			c, err := b.Start(trial.Context, host)
			if err != nil {
				return err
			}
			test(b, c)
			return c.Close()
		},
		Entries: map[string]harness.Entry[distlock.Backend]{
			distlock.Server: func(p *harness.Peer, b distlock.Backend, args json.RawMessage) error {
				return b.Serve(p.Context, args, func(address string) error { return p.Ready(address) })
			},
		},
	}
	return harness.Rows(harness.NewPattern(harness.About{Pattern: "distributed locking", Contract: "distlock"}, distlock.All(), work))
}

// each runs a subtest for every lock that competes and makes promise p, or any if p is empty.
func each(t *testing.T, p impls.Promise, test func(*testing.T, stage)) {
	t.Helper()
	for _, i := range distlock.All() {
		if i.Role != impls.Contender || p != "" && !i.Has(p) {
			continue
		}
		t.Run(i.Name, func(t *testing.T) {
			rows := suite(func(b distlock.Backend, c distlock.Cluster) { test(t, stage{t, b, c, i.Has(impls.Fenced)}) })
			spec := harness.Spec{Cell: results.Cell{Contract: "distlock", Work: "suite", Impl: i.Name}, NoProbe: true}
			if _, err := harness.Execute(t.Context(), rows, spec); err != nil {
				t.Error(err)
			}
		})
	}
}

// stage is a lock that runs.
type stage struct {
	t       *testing.T
	backend distlock.Backend
	cluster distlock.Cluster
	fenced  bool
}

func (s stage) dial() distlock.Client {
	s.t.Helper()
	c, err := s.backend.Dial(s.t.Context(), s.cluster.Endpoint())
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

const (
	long = time.Minute
	soon = 30 * time.Millisecond // enough to do what is wrong; a slow machine makes a test weaker, not wrong
)

func (s stage) acquire(c distlock.Client, key string) distlock.Lease {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), long)
	defer cancel()
	l, err := c.Acquire(ctx, key, long)
	if err != nil {
		s.t.Fatal(err)
	}
	return l
}

// busy checks that nobody else gets a key.
func (s stage) busy(key string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), soon)
	defer cancel()
	c := s.dial()
	defer c.Close()
	if _, err := c.Acquire(ctx, key, long); !errors.Is(err, context.DeadlineExceeded) {
		s.t.Errorf("a second client gets %q: %v", key, err)
	}
}

func (s stage) release(l distlock.Lease) {
	s.t.Helper()
	if err := l.Release(s.t.Context()); err != nil {
		s.t.Error(err)
	}
}

func TestOneHolder(t *testing.T) {
	each(t, "", func(t *testing.T, s stage) {
		inside, turns := 0, 0
		var mu sync.Mutex // tells an overlap from a race
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				c := s.dial()
				defer c.Close()
				for range 20 {
					l := s.acquire(c, "k")
					mu.Lock()
					if inside++; inside > 1 {
						t.Error("two are inside")
					}
					mu.Unlock()
					mu.Lock()
					inside--
					turns++
					mu.Unlock()
					s.release(l)
				}
			})
		}
		group.Wait()
		if turns != 160 {
			t.Errorf("%d turns of 160", turns)
		}
	})
}

func TestAKeyIsFreeAfterRelease(t *testing.T) {
	each(t, "", func(_ *testing.T, s stage) {
		a, b := s.dial(), s.dial()
		l := s.acquire(a, "k")
		s.busy("k")
		s.release(s.acquire(b, "another"))
		s.release(l)
		s.release(s.acquire(b, "k"))
	})
}

// A release frees this acquisition only, however often it comes.
func TestALateReleaseFreesNothing(t *testing.T) {
	each(t, "", func(t *testing.T, s stage) {
		c := s.dial()
		old := s.acquire(c, "k")
		s.release(old)
		if err := old.Release(t.Context()); !errors.Is(err, distlock.ErrLost) {
			t.Errorf("a second release: %v", err)
		}
		l := s.acquire(c, "k")
		if err := old.Release(t.Context()); !errors.Is(err, distlock.ErrLost) {
			t.Errorf("a third release: %v", err)
		}
		s.busy("k")
		s.release(l)
	})
}

// A wait ends with its context, and then nothing is held.
func TestACancelledWait(t *testing.T) {
	each(t, "", func(t *testing.T, s stage) {
		a, b := s.dial(), s.dial()
		l := s.acquire(a, "k")
		for range 3 {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(soon, cancel)
			if _, err := b.Acquire(ctx, "k", long); !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		}
		s.release(l)
		s.release(s.acquire(a, "k"))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := b.Acquire(ctx, "free", long); !errors.Is(err, context.Canceled) {
			t.Errorf("acquiring with a context that has ended: %v", err)
		}
		s.release(s.acquire(a, "free"))
	})
}

func TestDone(t *testing.T) {
	each(t, "", func(t *testing.T, s stage) {
		c := s.dial()
		l := s.acquire(c, "k")
		select {
		case <-l.Done():
			t.Error("it is done while it is held")
		default:
		}
		s.release(l)
		select {
		case <-l.Done():
		case <-time.After(long):
			t.Error("it is not done after its release")
		}
	})
}

func TestCloseGivesUp(t *testing.T) {
	each(t, "", func(t *testing.T, s stage) {
		a, b := s.dial(), s.dial()
		l := s.acquire(a, "k")
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		select {
		case <-l.Done():
		case <-time.After(long):
			t.Error("a lease outlives its client")
		}
		s.release(s.acquire(b, "k"))
		if err := l.Release(t.Context()); !errors.Is(err, distlock.ErrLost) {
			t.Errorf("a release after Close: %v", err)
		}
	})
}

func TestTokensGrow(t *testing.T) {
	each(t, impls.Fenced, func(t *testing.T, s stage) {
		a, b := s.dial(), s.dial()
		last := uint64(0)
		for range 5 {
			for _, c := range []distlock.Client{a, b} {
				l := s.acquire(c, "k")
				if l.Token() <= last {
					t.Fatalf("token %d after %d", l.Token(), last)
				}
				last = l.Token()
				s.release(l)
			}
		}
	})
}

// A lock that does not promise tokens has none: a resource must not be led to rely on them.
func TestNoToken(t *testing.T) {
	each(t, "", func(t *testing.T, s stage) {
		if token := s.acquire(s.dial(), "k").Token(); s.fenced != (token > 0) {
			t.Errorf("token %d", token)
		}
	})
}

// What a client holds it keeps beyond the time to live, by saying that it lives.
func TestALiveHolderKeeps(t *testing.T) {
	each(t, "", func(t *testing.T, s stage) {
		const ttl = 500 * time.Millisecond
		l, err := s.dial().Acquire(t.Context(), "k", ttl)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(ttl + ttl/2) // it is the time that is tested
		s.busy("k")
		s.release(l)
	})
}
