package lease

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/contendbench/contend/impls/distlock"
)

const ttl = 90 * time.Millisecond

var errServer = errors.New("the server is away")

// leased is a lease whose server answers err.
func leased(err error) (*Held, *Lease) {
	h := new(Held)
	return h, h.New(7, func(context.Context) error { return err })
}

func TestRelease(t *testing.T) {
	for name, c := range map[string]struct {
		server, first error
		ended         bool
	}{
		"ours":      {nil, nil, false},
		"lost":      {distlock.ErrLost, distlock.ErrLost, false},
		"too late":  {nil, distlock.ErrLost, true},
		"ended too": {distlock.ErrLost, distlock.ErrLost, true},
	} {
		h, l := leased(c.server)
		if c.ended {
			l.End()
		}
		for i, want := range []error{c.first, distlock.ErrLost} {
			if err := l.Release(t.Context()); !errors.Is(err, want) || want == nil && err != nil {
				t.Errorf("%s: call %d: got %v, want %v", name, i+1, err, want)
			}
		}
		if !l.ended() || len(h.leases) != 0 {
			t.Errorf("%s: got ended %v, %d held, want true, 0", name, l.ended(), len(h.leases))
		}
	}
}

// A server that is away may have freed the lock, or not. It is asked again.
func TestReleaseAsksAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		l := new(Held).New(0, func(context.Context) error {
			if tries++; tries < 3 {
				return errServer
			}
			return nil
		})
		if err := l.Release(t.Context()); err != nil || tries != 3 {
			t.Errorf("got %v after %d tries, want nil after 3", err, tries)
		}
	})
}

func TestReleaseEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, l := leased(errServer)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := l.Release(ctx)
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, errServer) || l.ended() {
			t.Errorf("got %v, ended %v, want both errors, false", err, l.ended())
		}
		time.Sleep(2 * laterTime) // the release that continues gives up
	})
}

// A release whose context has ended, before the call or in it, still frees the lock.
func TestReleaseContinuesAfterItsContext(t *testing.T) {
	for name, wait := range map[string]time.Duration{"ended before": 0, "ends in the call": time.Second} {
		synctest.Test(t, func(t *testing.T) {
			started := time.Now()
			h := new(Held)
			l := h.New(0, func(ctx context.Context) error {
				if err := ctx.Err(); err != nil {
					return err
				}
				if time.Since(started) < 2*time.Second {
					return errServer
				}
				return nil
			})
			ctx, cancel := context.WithTimeout(t.Context(), wait)
			defer cancel()
			if err := l.Release(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: got %v, want %v", name, err, context.DeadlineExceeded)
			}
			time.Sleep(3 * time.Second)
			if !l.ended() || len(h.leases) != 0 {
				t.Errorf("%s: got ended %v, %d held, want true, 0", name, l.ended(), len(h.leases))
			}
			if err := l.Release(t.Context()); !errors.Is(err, distlock.ErrLost) {
				t.Errorf("%s: a second release: got %v, want %v", name, err, distlock.ErrLost)
			}
		})
	}
}

// A release asks the server no longer than the lease lasts.
func TestReleaseEndsWithTheLease(t *testing.T) {
	for name, free := range map[string]func(context.Context) error{
		"the server fails":    func(context.Context) error { return errServer },
		"the server is stuck": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
	} {
		synctest.Test(t, func(t *testing.T) {
			l := new(Held).New(0, free)
			start := time.Now()
			l.Keep(ttl, start, func(context.Context) error { return nil })
			if err := l.Release(t.Context()); !errors.Is(err, distlock.ErrLost) || time.Since(start) != ttl {
				t.Errorf("%s: got %v after %v, want %v after %v", name, err, time.Since(start), distlock.ErrLost, ttl)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		_, l := leased(errServer)
		time.AfterFunc(ttl, l.End)
		if err := l.Release(t.Context()); !errors.Is(err, distlock.ErrLost) {
			t.Errorf("got %v, want %v", err, distlock.ErrLost)
		}
	})
}

func TestKeepRenewsEveryThird(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, l := leased(nil)
		renewals := 0
		l.Keep(ttl, time.Now(), func(context.Context) error { renewals++; return nil })
		time.Sleep(10*ttl + time.Millisecond)
		if renewals != 30 || l.ended() {
			t.Errorf("got %d renewals in 10 times to live, ended %v, want 30, false", renewals, l.ended())
		}
		if err := l.Release(t.Context()); err != nil {
			t.Error(err)
		}
		time.Sleep(ttl)
		if renewals != 30 {
			t.Errorf("got %d renewals after the release, want none", renewals-30)
		}
	})
}

func TestALeaseThatIsNotRenewedEnds(t *testing.T) {
	for name, renew := range map[string]func(context.Context) error{
		"the server fails":    func(context.Context) error { return errServer },
		"the server is stuck": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
	} {
		synctest.Test(t, func(t *testing.T) {
			_, l := leased(nil)
			asked := time.Now()
			time.Sleep(ttl / 10) // the time of the answer counts, too
			l.Keep(ttl, asked, renew)
			<-l.Done()
			if took := time.Since(asked); took != ttl {
				t.Errorf("%s: got an end after %v, want %v", name, took, ttl)
			}
		})
	}
}

func TestALostLeaseEndsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, l := leased(nil)
		start := time.Now()
		l.Keep(ttl, start, func(context.Context) error { return distlock.ErrLost })
		<-l.Done()
		if took := time.Since(start); took != ttl/3 {
			t.Errorf("got an end after %v, want %v", took, ttl/3)
		}
	})
}

// A process that stalled for longer than the time to live must not renew: another client
// may hold the lock.
func TestNoRenewalAfterTheTimeToLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, l := leased(nil)
		l.Keep(ttl, time.Now().Add(-2*ttl), func(context.Context) error {
			t.Error("got a renewal, want none")
			return nil
		})
		<-l.Done()
	})
}

func TestHeldReleasesAll(t *testing.T) {
	var h Held
	count := 0
	for range 3 {
		h.New(0, func(context.Context) error { count++; return nil })
	}
	before := h.Closed()
	if err := h.Release(t.Context()); err != nil || count != 3 {
		t.Errorf("got %d releases, %v, want 3, nil", count, err)
	}
	if before || !h.Closed() {
		t.Errorf("got closed %v before, %v after, want false, true", before, h.Closed())
	}
}
