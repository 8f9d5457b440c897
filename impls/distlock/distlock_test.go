package distlock_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/results"
)

// TestMain makes the tests' own executable run the servers.
func TestMain(m *testing.M) {
	if child.Is() {
		os.Exit(child.Main([]harness.Suite{suite(nil)}))
	}
	os.Exit(m.Run())
}

func TestTables(t *testing.T) { implstest.Tables(t, distlock.All(), distlock.Broken(), "broken.go") }

func TestEnginesTable(t *testing.T) {
	if err := impls.Check(append(distlock.All(), distlock.Engines()...)); err != nil {
		t.Error(err)
	}
}

// suite is every lock under a load that calls test within a trial, where there is a Host.
func suite(test func(distlock.Backend, impls.Cluster)) harness.Suite {
	load := harness.Workload[distlock.Backend]{
		Load: harness.Load{Name: "suite", Turn: "test"},
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
			err = trial.Window(func(w *harness.Window) error { // a trial without a turn has not passed
				w.Go("worker", 1, func(w *harness.Worker) {
					for w.Next() {
						runtime.Gosched()
					}
				})
				return nil
			})
			return errors.Join(err, c.Close())
		},
		Helpers: map[string]harness.HelperFunc[distlock.Backend]{
			impls.ServerEntry: func(h *harness.Helper, b distlock.Backend, args json.RawMessage) error {
				return b.Serve(h.Context, args, func(address string) error { return h.Ready(address) })
			},
		},
	}
	about := harness.About{Pattern: "distributed locking", Contract: "distlock"}
	return harness.NewSuite(about, harness.Under(distlock.All(), load))
}

// each runs a subtest for every contender that makes all of the promises.
func each(t *testing.T, test func(*testing.T, stage), promises ...impls.Promise) {
	t.Helper()
	implstest.Each(t, distlock.All(), func(t *testing.T, i impls.Impl[distlock.Backend]) {
		all := suite(func(b distlock.Backend, c impls.Cluster) { test(t, stage{t, b, c, i.Has(distlock.Fenced)}) })
		spec := harness.Spec{Cell: results.Cell{Contract: "distlock", Work: "suite", Impl: i.Name}, NoProbe: true}
		spec.Windows, spec.Length, spec.Grace = 1, time.Millisecond, time.Second
		if _, err := harness.Execute(t.Context(), []harness.Suite{all}, spec); err != nil {
			t.Error(err)
		}
	}, promises...)
}

// stage is a running lock.
type stage struct {
	t       *testing.T
	backend distlock.Backend
	cluster impls.Cluster
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
	soon = 30 * time.Millisecond // enough for a wrong grant; a slow machine makes a test weaker, not wrong
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

// busy checks that another client does not get a key.
func (s stage) busy(key string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), soon)
	defer cancel()
	c := s.dial()
	defer c.Close()
	if _, err := c.Acquire(ctx, key, long); !errors.Is(err, context.DeadlineExceeded) {
		s.t.Errorf("a second client acquires %q: got %v, want %v", key, err, context.DeadlineExceeded)
	}
}

func (s stage) release(l distlock.Lease) {
	s.t.Helper()
	if err := l.Release(s.t.Context()); err != nil {
		s.t.Error(err)
	}
}

// lost checks that a lease had ended before it is released.
func (s stage) lost(l distlock.Lease) {
	s.t.Helper()
	if err := l.Release(s.t.Context()); !errors.Is(err, distlock.ErrLost) {
		s.t.Errorf("releasing a lease that has ended: got %v, want %v", err, distlock.ErrLost)
	}
}

func TestOneHolder(t *testing.T) {
	each(t, func(t *testing.T, s stage) {
		inside, turns := 0, 0
		var mu sync.Mutex // distinguishes an overlap from a race
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				c := s.dial()
				defer c.Close()
				for range 20 {
					l := s.acquire(c, "k")
					mu.Lock()
					if inside++; inside > 1 {
						t.Errorf("got %d holders, want 1", inside)
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
			t.Errorf("got %d turns, want 160", turns)
		}
	})
}

func TestAKeyIsFreeAfterRelease(t *testing.T) {
	each(t, func(_ *testing.T, s stage) {
		a, b := s.dial(), s.dial()
		l := s.acquire(a, "k")
		s.busy("k")
		s.release(s.acquire(b, "another"))
		s.release(l)
		s.release(s.acquire(b, "k"))
	})
}

// A release frees its own acquisition only, however often it is called.
func TestALateReleaseFreesNothing(t *testing.T) {
	each(t, func(_ *testing.T, s stage) {
		c := s.dial()
		old := s.acquire(c, "k")
		s.release(old)
		s.lost(old)
		l := s.acquire(c, "k")
		s.lost(old)
		s.busy("k")
		s.release(l)
	})
}

// A wait ends with its context, and then nothing is held.
func TestACancelledWait(t *testing.T) {
	each(t, func(t *testing.T, s stage) {
		a, b := s.dial(), s.dial()
		l := s.acquire(a, "k")
		for range 3 {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(soon, cancel)
			if _, err := b.Acquire(ctx, "k", long); !errors.Is(err, context.Canceled) {
				t.Fatalf("a cancelled wait: got %v, want %v", err, context.Canceled)
			}
		}
		s.release(l)
		s.release(s.acquire(a, "k"))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := b.Acquire(ctx, "free", long); !errors.Is(err, context.Canceled) {
			t.Errorf("acquiring under a context that has ended: got %v, want %v", err, context.Canceled)
		}
		s.release(s.acquire(a, "free"))
	})
}

// ends checks that a lease ends.
func (s stage) ends(l distlock.Lease) {
	s.t.Helper()
	select {
	case <-l.Done():
	case <-time.After(long):
		s.t.Error("got a lease that is not done, want it done")
	}
}

// A release whose context has ended must not leave the key to a client that keeps it
// alive.
func TestAReleaseAfterItsContext(t *testing.T) {
	each(t, func(_ *testing.T, s stage) {
		c := s.dial()
		defer c.Close()
		l := s.acquire(c, "k")
		ctx, cancel := context.WithCancel(s.t.Context())
		cancel()
		if err := l.Release(ctx); err != nil && !errors.Is(err, context.Canceled) {
			s.t.Errorf("got error %v, want nil or the context's", err)
		}
		other := s.dial()
		defer other.Close()
		s.release(s.acquire(other, "k"))
	})
}

// Any text is a key.
func TestKeys(t *testing.T) {
	each(t, func(_ *testing.T, s stage) {
		c := s.dial()
		defer c.Close()
		var held []distlock.Lease
		for _, key := range []string{
			"", "/", "../k", "a b", "\x00", ".", strings.Repeat("k", 300), strings.Repeat("k", 301),
		} {
			held = append(held, s.acquire(c, key))
			s.busy(key)
		}
		for _, l := range held {
			s.release(l)
		}
	})
}

func TestDone(t *testing.T) {
	each(t, func(t *testing.T, s stage) {
		c := s.dial()
		l := s.acquire(c, "k")
		select {
		case <-l.Done():
			t.Error("got a held lease that is done, want it not done")
		default:
		}
		s.release(l)
		s.ends(l)
	})
}

func TestCloseReleases(t *testing.T) {
	each(t, func(t *testing.T, s stage) {
		a, b := s.dial(), s.dial()
		l := s.acquire(a, "k")
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		s.ends(l)
		s.release(s.acquire(b, "k"))
		s.lost(l)
	})
}

// A closed client acquires nothing, and leaves nothing locked.
func TestAClosedClient(t *testing.T) {
	each(t, func(t *testing.T, s stage) {
		c := s.dial()
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		for _, ctx := range []context.Context{context.Background(), t.Context()} {
			if _, err := c.Acquire(ctx, "k", long); !errors.Is(err, distlock.ErrClosed) {
				t.Errorf("acquiring: got %v, want %v", err, distlock.ErrClosed)
			}
		}
		s.release(s.acquire(s.dial(), "k"))
	})
}

func TestTokensGrow(t *testing.T) {
	each(t, func(t *testing.T, s stage) {
		a, b := s.dial(), s.dial()
		last := uint64(0)
		for range 5 {
			for _, c := range []distlock.Client{a, b} {
				l := s.acquire(c, "k")
				if l.Token() <= last {
					t.Fatalf("got token %d, want more than %d", l.Token(), last)
				}
				last = l.Token()
				s.release(l)
			}
		}
	}, distlock.Fenced)
}

// A lock that does not promise tokens has none, so that no resource relies on them.
func TestNoToken(t *testing.T) {
	each(t, func(t *testing.T, s stage) {
		if token := s.acquire(s.dial(), "k").Token(); s.fenced != (token > 0) {
			t.Errorf("got token %d, want one: %v", token, s.fenced)
		}
	})
}

// Heartbeats keep a lease alive beyond its time to live.
func TestALiveHolderKeeps(t *testing.T) {
	each(t, func(t *testing.T, s stage) {
		const ttl = 500 * time.Millisecond
		l, err := s.dial().Acquire(t.Context(), "k", ttl)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(ttl + ttl/2) // what is tested is the time itself
		s.busy("k")
		s.release(l)
	})
}
