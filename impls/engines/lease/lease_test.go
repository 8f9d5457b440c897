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

// freed is a lease whose server answers err.
func freed(err error) (*Held, *Lease) {
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
		h, l := freed(c.server)
		if c.ended {
			l.End()
		}
		for i, want := range []error{c.first, distlock.ErrLost} {
			if err := l.Release(t.Context()); !errors.Is(err, want) || want == nil && err != nil {
				t.Errorf("%s: call %d: %v, want %v", name, i+1, err, want)
			}
		}
		if !l.ended() || len(h.leases) != 0 {
			t.Errorf("%s: ended %v, %d held", name, l.ended(), len(h.leases))
		}
	}
}

// A server that is away may have freed the lock or not: it is asked again.
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
			t.Errorf("%v after %d tries", err, tries)
		}
	})
}

func TestReleaseEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, l := freed(errServer)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := l.Release(ctx); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, errServer) || l.ended() {
			t.Errorf("%v, ended %v", err, l.ended())
		}
	})
}

// Nobody is asked about a lease longer than it lasts.
func TestReleaseEndsWithTheLease(t *testing.T) {
	for name, free := range map[string]func(context.Context) error{
		"the server fails":    func(context.Context) error { return errServer },
		"the server is stuck": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
	} {
		synctest.Test(t, func(t *testing.T) {
			l := new(Held).New(0, free)
			begin := time.Now()
			l.Keep(ttl, begin, func(context.Context) error { return nil })
			if err := l.Release(t.Context()); !errors.Is(err, distlock.ErrLost) || time.Since(begin) != ttl {
				t.Errorf("%s: %v after %v", name, err, time.Since(begin))
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		_, l := freed(errServer)
		time.AfterFunc(ttl, l.End)
		if err := l.Release(t.Context()); !errors.Is(err, distlock.ErrLost) {
			t.Error(err)
		}
	})
}

func TestKeepRenewsInEveryThird(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, l := freed(nil)
		renewals := 0
		l.Keep(ttl, time.Now(), func(context.Context) error { renewals++; return nil })
		time.Sleep(10*ttl + time.Millisecond)
		if renewals != 30 || l.ended() {
			t.Errorf("%d renewals in 10 times to live, ended: %v", renewals, l.ended())
		}
		if err := l.Release(t.Context()); err != nil {
			t.Error(err)
		}
		time.Sleep(ttl)
		if renewals != 30 {
			t.Error("renewed after the release")
		}
	})
}

func TestALeaseThatIsNotRenewedEnds(t *testing.T) {
	for name, renew := range map[string]func(context.Context) error{
		"the server fails":    func(context.Context) error { return errServer },
		"the server is stuck": func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
	} {
		synctest.Test(t, func(t *testing.T) {
			_, l := freed(nil)
			asked := time.Now()
			time.Sleep(ttl / 10) // the answer's way back counts, too
			l.Keep(ttl, asked, renew)
			<-l.Done()
			if took := time.Since(asked); took != ttl {
				t.Errorf("%s: ended after %v, want %v", name, took, ttl)
			}
		})
	}
}

func TestALostLeaseEndsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, l := freed(nil)
		begin := time.Now()
		l.Keep(ttl, begin, func(context.Context) error { return distlock.ErrLost })
		<-l.Done()
		if took := time.Since(begin); took != ttl/3 {
			t.Errorf("ended after %v", took)
		}
	})
}

// A process that stood still beyond its time to live must not renew: the lock may be somebody else's.
func TestNoRenewalAfterTheTimeToLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, l := freed(nil)
		l.Keep(ttl, time.Now().Add(-2*ttl), func(context.Context) error { t.Error("renewed"); return nil })
		<-l.Done()
	})
}

func TestHeldReleasesAll(t *testing.T) {
	var h Held
	count := 0
	for range 3 {
		h.New(0, func(context.Context) error { count++; return nil })
	}
	if err := h.Release(t.Context()); err != nil || count != 3 {
		t.Errorf("%d of 3 given back, %v", count, err)
	}
}

func TestUntil(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		got, err := Until(t.Context(), func() (int, error) {
			if tries++; tries < 3 {
				return 0, errServer
			}
			return 5, nil
		})
		if got != 5 || err != nil {
			t.Errorf("%d, %v", got, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := Until(ctx, func() (int, error) { return 0, errServer }); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}
