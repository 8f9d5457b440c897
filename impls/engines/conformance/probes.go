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
	shortest = 500 * time.Millisecond // time to live, unless the lock's own least is longer
	slack    = 2 * time.Second        // that an expiry may take beyond the time to live
	soon     = 300 * time.Millisecond // in which a waiter who must not get in has its chance
	patience = 30 * time.Second       // that servers may take to go on after the loss of one
)

// prober probes one row.
type prober struct {
	ctx     context.Context
	host    impls.Host
	backend locks.Backend
	cluster locks.Cluster
	row     impls.Impl[locks.Backend]
	ttl     time.Duration
}

func (p *prober) all() error {
	for _, probe := range []struct {
		name string
		do   func(a, b locks.Client, key string) error
	}{
		{"a release frees its own acquisition only", p.release},
		{"a client shuts itself out", p.again},
		{"a wait that was cancelled holds nothing", p.cancel},
		{"a lease is kept alive", p.kept},
		{"a client that closes gives up what it holds", p.close},
		{"crash of the holder", p.crash},
		{"pause of the holder", p.pause},
		{"restart of the server", p.restart},
		{"loss of a server", p.loss}, // the last: it stays away
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
			return nil, fmt.Errorf("dialling: %w", err)
		}
		clients = append(clients, c)
	}
	return clients, nil
}

// gets acquires within limit.
func (p *prober) gets(c locks.Client, key string, limit time.Duration) (locks.Lease, error) {
	ctx, cancel := context.WithTimeout(p.ctx, limit)
	defer cancel()
	l, err := c.Acquire(ctx, key, p.ttl)
	if err != nil {
		return nil, fmt.Errorf("a free key was not to be had within %v: %w", limit, err)
	}
	return l, nil
}

// shut makes sure that c does not get in for a while.
func (p *prober) shut(c locks.Client, key string, while time.Duration) error {
	ctx, cancel := context.WithTimeout(p.ctx, while)
	defer cancel()
	l, err := c.Acquire(ctx, key, p.ttl)
	switch {
	case err == nil:
		return errors.Join(errors.New("the key is held and was given to another"), l.Release(p.ctx))
	case !errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("the wait ended with %w", err)
	}
	return nil
}

// token checks a lease's token; before is that of the acquisition before.
func (p *prober) token(l locks.Lease, before uint64) error {
	switch fenced := p.row.Has(impls.Fenced); {
	case fenced && l.Token() <= before:
		return fmt.Errorf("token %d after %d", l.Token(), before)
	case !fenced && l.Token() != 0:
		return fmt.Errorf("token %d without the promise", l.Token())
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
	first, err := p.gets(a, key, patience)
	if err != nil {
		return err
	}
	if err := first.Release(p.ctx); err != nil || !ended(first) {
		return fmt.Errorf("the release says %v; ended: %v", err, ended(first))
	}
	for _, c := range []locks.Client{a, b} {
		second, err := p.gets(c, key, patience)
		if err != nil {
			return err
		}
		if err := p.token(second, first.Token()); err != nil {
			return err
		}
		if err := first.Release(p.ctx); !errors.Is(err, locks.ErrLost) {
			return fmt.Errorf("releasing again says %v", err)
		}
		other, err := p.clients(1)
		if err != nil {
			return err
		}
		if err := p.shut(other[0], key, soon); err != nil {
			return err
		}
		if ended(second) {
			return errors.New("the new lease has ended")
		}
		if err := errors.Join(second.Release(p.ctx), other[0].Close()); err != nil {
			return err
		}
	}
	return nil
}

func (p *prober) again(a, _ locks.Client, key string) error {
	l, err := p.gets(a, key, patience)
	if err != nil {
		return err
	}
	if err := p.shut(a, key, soon); err != nil {
		return err
	}
	return l.Release(p.ctx)
}

// cancel ends waits at many instants around the release.
func (p *prober) cancel(a, b locks.Client, key string) error {
	for i := range 12 {
		l, err := p.gets(a, key, patience)
		if err != nil {
			return err
		}
		over := make(chan error, 1)
		go func() { over <- p.tries(b, key, soon/10+time.Duration(i)*200*time.Microsecond) }()
		time.Sleep(soon / 10)
		if err := errors.Join(l.Release(p.ctx), <-over); err != nil {
			return err
		}
		begin := time.Now()
		if l, err = p.gets(a, key, patience); err != nil {
			return err
		}
		if took := time.Since(begin); p.row.Has(impls.Expires) && took > p.ttl*3/4 {
			return fmt.Errorf("after it, the key was free only %v later", took)
		}
		if err := l.Release(p.ctx); err != nil {
			return err
		}
	}
	return nil
}

// tries wants the key for a while, and gives it back if it comes to it.
func (p *prober) tries(c locks.Client, key string, while time.Duration) error {
	ctx, cancel := context.WithTimeout(p.ctx, while)
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
	l, err := p.gets(a, key, patience)
	if err != nil {
		return err
	}
	if err := p.shut(b, key, 2*p.ttl+slack/2); err != nil {
		return err
	}
	return l.Release(p.ctx)
}

func (p *prober) close(_, b locks.Client, key string) error {
	clients, err := p.clients(1)
	if err != nil {
		return err
	}
	l, err := p.gets(clients[0], key, patience)
	if err != nil {
		return err
	}
	if err := clients[0].Close(); err != nil {
		return err
	}
	if !ended(l) {
		return errors.New("the lease has not ended")
	}
	next, err := p.gets(b, key, p.ttl*3/4)
	if err != nil {
		return err
	}
	return next.Release(p.ctx)
}
