package distlock

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
)

// keep has living clients hold their keys for longer than the time to live. Before that,
// they have released the same key, and others ask for it with shorter and longer times. A
// lease ends when its holder releases it, and neither earlier nor later.
var keep = harness.Workload[locks.Backend]{
	Load: harness.Load{
		Name: "keep", Turn: "round",
		About:  "living clients hold their keys for longer than the time to live, and release them",
		Params: []harness.AnyParam{groups, faultTTLMs, slackMs},
		Probes: []impls.Promise{locks.Expires, locks.Fenced},
		Share:  3,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(groups, 4, 16), harness.Within(faultTTLMs, 100, 200)),
		}},
		Allocates: true, Takes: time.Second,
	},
	Run:     rounds{play: (*group).keepAndRelease, lasts: func(c *company) time.Duration { return c.ttl }}.run,
	Helpers: helpers,
}

// keepAndRelease is a round: a client gets a key, perhaps again and again, holds it for
// longer than its time to live, and releases it. Another client then has it.
func (g *group) keepAndRelease() error {
	if g.rng.IntN(2) == 0 {
		g.a, g.b = g.b, g.a
	}
	held, err := g.getAgain()
	if err != nil {
		return err
	}
	var rival *wait
	if g.rng.IntN(2) == 0 {
		rival = g.waits(g.b, g.key(), g.otherTTL())
	}
	var beside locks.Lease // it must not keep the released key alive
	if g.rng.IntN(2) == 0 {
		if beside, err = g.get(g.a, g.key()+"-beside", g.ttl, g.slack); err != nil {
			return err
		}
	}
	if err := g.hold(held, rival); err != nil {
		return err
	}
	ended := g.rng.IntN(2) == 0
	if err := g.release(held, ended); err != nil {
		return err
	}
	next, err := g.successor(rival, held, ended)
	if err != nil {
		return err
	}
	if beside != nil {
		err = g.stillHeld(beside)
	}
	return errors.Join(err, g.stillHeld(next))
}

// getAgain acquires the round's key, and perhaps releases it and acquires it again at
// once, some times. Nothing that belongs to the earlier leases may end the last one.
func (g *group) getAgain() (locks.Lease, error) {
	held, err := g.get(g.a, g.key(), g.ttl, g.slack)
	for range g.rng.IntN(4) {
		if err != nil {
			return nil, err
		}
		if g.rng.IntN(2) == 0 {
			time.Sleep(time.Duration(g.rng.Int64N(int64(g.ttl / 2))))
		}
		if err := g.stillHeld(held); err != nil {
			return nil, err
		}
		before := held
		if held, err = g.get(g.a, g.key(), g.ttl, g.slack); err == nil {
			err = g.follows(held, before)
		}
	}
	return held, err
}

// otherTTL is a time to live that is shorter or longer than the one of the holder.
func (g *group) otherTTL() time.Duration {
	return []time.Duration{g.ttl / 4, g.ttl, 20 * g.ttl}[g.rng.IntN(3)]
}

// hold holds a lease for longer than its time to live. Half of the releases come about
// when a client renews its leases, after a third of the time to live or half of it.
func (g *group) hold(held locks.Lease, rival *wait) error {
	until := g.ttl + time.Duration(g.rng.Int64N(int64(g.ttl)))
	if g.rng.IntN(2) == 0 {
		beat := g.ttl / time.Duration(2+g.rng.IntN(2))
		until = until/beat*beat + time.Duration(g.rng.Int64N(int64(time.Millisecond))) - time.Millisecond/2
	}
	timer := time.NewTimer(max(until, g.ttl+g.ttl/8))
	defer timer.Stop()
	var served <-chan struct{} // nil: no client waits
	if rival != nil {
		served = rival.done
	}
	select {
	case <-timer.C:
		return nil
	case <-held.Done():
		return g.unlessStalled(errors.New("the lease of a living client ended before its release"), g.ttl/10)
	case <-served:
		return g.unlessStalled(fmt.Errorf("while a living client held the key: %w", rival.early()), g.ttl/10)
	}
}

// release ends a lease, perhaps under a context that has ended before.
func (g *group) release(held locks.Lease, ended bool) error {
	if !ended {
		return g.stillHeld(held)
	}
	ctx, cancel := context.WithCancel(g.ctx)
	cancel()
	err := held.Release(ctx)
	if err != nil && !errors.Is(err, context.Canceled) {
		return g.unlessStalled(fmt.Errorf("a release under a context that had ended: %w", err), g.ttl/10)
	}
	return nil
}

// stillHeld releases a lease that must not have ended.
func (g *group) stillHeld(l locks.Lease) error { return g.unlessStalled(g.free(l), g.ttl/10) }

// successor returns the lease of the next client, which waits or comes now. A release
// frees the key at once. Under a context that has ended, it may leave the key to expire.
func (g *group) successor(rival *wait, held locks.Lease, ended bool) (locks.Lease, error) {
	within := g.slack
	if ended {
		within += g.ttl
	}
	if rival != nil {
		return rival.granted("a release", held, within)
	}
	if g.trial.Promises(locks.Expires) && !ended {
		within = g.ttl * 3 / 4 // later than this, the key has expired instead
	}
	time.Sleep(time.Duration(g.rng.Int64N(int64(g.ttl / 2))))
	next, err := g.getUnless(g.b, g.key(), g.ttl, within, g.ttl/20)
	if err != nil {
		return nil, fmt.Errorf("after a release: %w", err)
	}
	return next, g.follows(next, held)
}
