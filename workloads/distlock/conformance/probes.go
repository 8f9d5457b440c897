package conformance

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
)

const (
	minTTL   = 500 * time.Millisecond // time to live, unless the lock's own minimum is longer
	slack    = 2 * time.Second        // what an expiry may take beyond the time to live
	soon     = 300 * time.Millisecond // how long a client tries to get what it must not get
	patience = 30 * time.Second       // how long servers may take to continue after the loss of one
)

// prober probes one lock.
type prober struct {
	ctx      context.Context
	host     impls.Host
	backend  locks.Backend
	cluster  impls.Cluster
	promises func(impls.Promise) bool
	ttl      time.Duration
}

func (p *prober) all() error {
	for _, probe := range []struct {
		name string
		do   func(a, b locks.Client, key string) error
	}{
		{"a release frees its own acquisition only", p.release},
		{"a client excludes itself", p.again},
		{"a cancelled wait holds nothing", p.cancel},
		{"a lease is kept alive", p.kept},
		{"a client that closes releases what it holds", p.close},
		{"crash of the holder", p.crash},
		{"pause of the holder", p.pause},
		{"restart of the server", p.restart},
		{"loss of a server", p.loss}, // the last one: the server does not come back
	} {
		clients, err := p.clients(2)
		if err != nil {
			return err
		}
		err = probe.do(clients[0], clients[1], probe.name)
		for _, c := range clients {
			err = errors.Join(err, c.Close())
		}
		if err != nil {
			return fmt.Errorf("%s: %w", probe.name, err)
		}
	}
	return nil
}

func (p *prober) clients(n int) ([]locks.Client, error) {
	var clients []locks.Client
	for range n {
		c, err := p.backend.Dial(p.ctx, p.cluster.Endpoint())
		if err != nil {
			return nil, fmt.Errorf("dialing: %w", err)
		}
		clients = append(clients, c)
	}
	return clients, nil
}

// get acquires a free key within limit.
func (p *prober) get(c locks.Client, key string, limit time.Duration) (locks.Lease, error) {
	ctx, cancel := context.WithTimeout(p.ctx, limit)
	defer cancel()
	l, err := c.Acquire(ctx, key, p.ttl)
	if err != nil {
		return nil, fmt.Errorf("a free key was not granted within %v: %w", limit, err)
	}
	return l, nil
}

// excluded checks for a time that c does not get a key.
func (p *prober) excluded(c locks.Client, key string, during time.Duration) error {
	ctx, cancel := context.WithTimeout(p.ctx, during)
	defer cancel()
	l, err := c.Acquire(ctx, key, p.ttl)
	switch {
	case err == nil:
		return errors.Join(errors.New("a held key was granted to another client"), l.Release(p.ctx))
	case !errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("a wait that ran out of time ended with: %w", err)
	}
	return nil
}

// checkToken checks a lease's token. before is the token of the acquisition before.
func (p *prober) checkToken(l locks.Lease, before uint64) error {
	switch fenced := p.promises(locks.Fenced); {
	case fenced && l.Token() <= before:
		return fmt.Errorf("got token %d after %d", l.Token(), before)
	case !fenced && l.Token() != 0:
		return fmt.Errorf("got token %d without the promise of tokens", l.Token())
	}
	return nil
}

func ended(l locks.Lease) bool {
	select {
	case <-l.Done():
		return true
	default:
		return false
	}
}

func (p *prober) release(a, b locks.Client, key string) error {
	first, err := p.get(a, key, patience)
	if err != nil {
		return err
	}
	if err := first.Release(p.ctx); err != nil || !ended(first) {
		return fmt.Errorf("a release returned %v, and the lease has ended: %v", err, ended(first))
	}
	for _, c := range []locks.Client{a, b} {
		if err := p.releaseAgain(c, key, first); err != nil {
			return err
		}
	}
	return nil
}

// releaseAgain releases an old lease while c holds the key by a new one.
func (p *prober) releaseAgain(c locks.Client, key string, old locks.Lease) error {
	l, err := p.get(c, key, patience)
	if err != nil {
		return err
	}
	if err := p.checkToken(l, old.Token()); err != nil {
		return err
	}
	if err := old.Release(p.ctx); !errors.Is(err, locks.ErrLost) {
		return fmt.Errorf("a second release returned %v, want %w", err, locks.ErrLost)
	}
	others, err := p.clients(1)
	if err != nil {
		return err
	}
	if err := p.excluded(others[0], key, soon); err != nil {
		return err
	}
	if ended(l) {
		return errors.New("a release of the old lease ended the new one")
	}
	return errors.Join(l.Release(p.ctx), others[0].Close())
}

func (p *prober) again(a, _ locks.Client, key string) error {
	l, err := p.get(a, key, patience)
	if err != nil {
		return err
	}
	if err := p.excluded(a, key, soon); err != nil {
		return err
	}
	return l.Release(p.ctx)
}

// cancel ends waits at several instants around the release.
func (p *prober) cancel(a, b locks.Client, key string) error {
	for i := range 12 {
		l, err := p.get(a, key, patience)
		if err != nil {
			return err
		}
		cancelled := make(chan error, 1)
		go func() { cancelled <- p.try(b, key, soon/10+time.Duration(i)*200*time.Microsecond) }()
		time.Sleep(soon / 10)
		if err := errors.Join(l.Release(p.ctx), <-cancelled); err != nil {
			return err
		}
		start := time.Now()
		if l, err = p.get(a, key, patience); err != nil {
			return err
		}
		if took := time.Since(start); p.promises(locks.Expires) && took > p.ttl*3/4 {
			return fmt.Errorf("after a cancelled wait the key was free only %v later", took)
		}
		if err := l.Release(p.ctx); err != nil {
			return err
		}
	}
	return nil
}

// try waits for the key for a time, and releases it if it gets it.
func (p *prober) try(c locks.Client, key string, during time.Duration) error {
	ctx, cancel := context.WithTimeout(p.ctx, during)
	defer cancel()
	l, err := c.Acquire(ctx, key, p.ttl)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	if err != nil {
		return err
	}
	return l.Release(p.ctx)
}

func (p *prober) kept(a, b locks.Client, key string) error {
	l, err := p.get(a, key, patience)
	if err != nil {
		return err
	}
	if err := p.excluded(b, key, 2*p.ttl+slack/2); err != nil {
		return err
	}
	return l.Release(p.ctx)
}

func (p *prober) close(_, b locks.Client, key string) error {
	clients, err := p.clients(1)
	if err != nil {
		return err
	}
	l, err := p.get(clients[0], key, patience)
	if err != nil {
		return err
	}
	if err := clients[0].Close(); err != nil {
		return err
	}
	if !ended(l) {
		return errors.New("the lease has not ended")
	}
	next, err := p.get(b, key, p.ttl*3/4)
	if err != nil {
		return err
	}
	return next.Release(p.ctx)
}
