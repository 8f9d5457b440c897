package distlock

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/workloads/load"
)

// wake has few clients, and one event that is all that can wake the one that waits. Their
// times to live outlast the window, so that no expiry replaces a wake-up that was lost.
var wake = harness.Workload[locks.Backend]{
	Load: harness.Load{
		Name: "wake", Turn: "round",
		About:     "a release, a close or a cancellation is the only event that can wake the only waiter",
		Params:    []harness.AnyParam{groups, restTTLMs, slackMs},
		Probes:    []impls.Promise{locks.Fenced},
		Points:    harness.Points{Stress: []harness.Grid{harness.Over(harness.Within(groups, 1, 8))}},
		Allocates: true, Takes: clientsTake,
	},
	Run:     rounds{play: playWake, check: (*company).leavesNothing}.run,
	Helpers: helpers,
}

// maxNap bounds the time that a waiter has to go to sleep.
const maxNap = 2 * time.Millisecond

var events = []func(*group) error{
	(*group).wakeByRelease, (*group).wakeByClose, (*group).wakeBehindACancelled, (*group).wakeOrCancel,
	(*group).endedBefore, (*group).waitForOneself,
}

func playWake(g *group) error { return events[g.rng.IntN(len(events))](g) }

// wakeByRelease: a release hands the key over, whichever goroutine calls it.
func (g *group) wakeByRelease() error {
	held, err := g.get(g.a, g.key(), g.ttl, g.slack)
	if err != nil {
		return err
	}
	w := g.waits(g.b, g.key(), g.ttl)
	load.Pause(g.rng, maxNap)
	if err := w.early(); err != nil {
		return err
	}
	freed := make(chan error, 1)
	free := func() { freed <- g.free(held) }
	if g.rng.IntN(2) == 0 {
		go free()
	} else {
		free()
	}
	if err := <-freed; err != nil {
		return err
	}
	next, err := w.granted("a release", held, g.slack)
	if err != nil {
		return err
	}
	return g.free(next)
}

// wakeByClose: a client that closes frees what it holds, and nothing of other clients.
func (g *group) wakeByClose() error {
	closing, err := g.backend.Dial(g.ctx, g.cluster.Endpoint())
	if err != nil {
		return fmt.Errorf("dialing the lock: %w", err)
	}
	held, err := g.get(closing, g.key(), g.ttl, g.slack)
	if err != nil {
		return errors.Join(err, closing.Close())
	}
	kept, err := g.get(g.c, g.key()+"-kept", g.ttl, g.slack)
	if err != nil {
		return errors.Join(err, closing.Close())
	}
	w := g.waits(g.b, g.key(), g.ttl)
	load.Pause(g.rng, maxNap)
	if err := errors.Join(w.early(), closing.Close()); err != nil {
		return fmt.Errorf("closing a client that holds a key: %w", err)
	}
	if !hasEnded(held) {
		return errors.New("the lease of a closed client is not done")
	}
	next, err := w.granted("the close of the holder", held, g.slack)
	if err != nil {
		return err
	}
	if err := g.closed(closing, held); err != nil {
		return err
	}
	return errors.Join(g.free(next), g.free(kept))
}

// closed checks what a closed client and its lease say.
func (g *group) closed(k locks.Client, held locks.Lease) error {
	if err := held.Release(g.ctx); !errors.Is(err, locks.ErrLost) {
		return fmt.Errorf("a release after the close returned %v, want %w", err, locks.ErrLost)
	}
	ctx, cancel := context.WithTimeout(g.ctx, 10*maxNap)
	defer cancel()
	if l, err := k.Acquire(ctx, g.key()+"-late", g.ttl); err == nil {
		return errors.Join(errors.New("a closed client acquired a key"), l.Release(g.ctx))
	}
	return nil
}

// wakeBehindACancelled: a waiter that gave up does not delay the next one.
func (g *group) wakeBehindACancelled() error {
	held, err := g.get(g.a, g.key(), g.ttl, g.slack)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(g.ctx)
	first := g.waitsUnder(ctx, cancel, g.b, g.key(), g.ttl)
	load.Pause(g.rng, maxNap)
	second := g.waits(g.c, g.key(), g.ttl)
	load.Pause(g.rng, maxNap)
	if err := first.cancelled(g.slack); err != nil {
		return err
	}
	if err := errors.Join(second.early(), g.free(held)); err != nil {
		return err
	}
	next, err := second.granted("a release behind a wait that was cancelled", held, g.slack)
	if err != nil {
		return err
	}
	return g.free(next)
}

// wakeOrCancel: a cancellation at any instant around the release either ends the wait or
// comes too late, and the key is free after it.
func (g *group) wakeOrCancel() error {
	held, err := g.get(g.a, g.key(), g.ttl, g.slack)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(g.ctx)
	w := g.waitsUnder(ctx, cancel, g.b, g.key(), g.ttl)
	load.Pause(g.rng, maxNap)
	freed := make(chan error, 1)
	go func() { freed <- g.free(held) }()
	load.Pause(g.rng, maxNap/4)
	cancel()
	if err := errors.Join(<-freed, w.ends("a release beside a cancellation", g.slack)); err != nil {
		return err
	}
	switch {
	case w.err == nil:
		err = errors.Join(g.follows(w.lease, held), g.free(w.lease))
	case !errors.Is(w.err, context.Canceled):
		err = fmt.Errorf("a cancelled wait ended with %w, want %w", w.err, context.Canceled)
	}
	if err != nil {
		return err
	}
	next, err := g.get(g.c, g.key(), g.ttl, g.slack)
	if err != nil {
		return fmt.Errorf("after a cancellation beside a release: %w", err)
	}
	return errors.Join(g.follows(next, held), g.free(next))
}

// endedBefore: under a context that ended before the call, nothing is acquired, whether
// the key is free or not.
func (g *group) endedBefore() error {
	ctx, cancel := context.WithCancel(g.ctx)
	cancel()
	acquire := func() error {
		l, err := g.b.Acquire(ctx, g.key(), g.ttl)
		switch {
		case err == nil:
			return errors.Join(errors.New("a context that had ended acquired a key"), l.Release(g.ctx))
		case !errors.Is(err, context.Canceled):
			return fmt.Errorf("under a context that had ended, Acquire returned %w, want %w", err, context.Canceled)
		}
		return nil
	}
	if err := acquire(); err != nil {
		return err
	}
	held, err := g.get(g.a, g.key(), g.ttl, g.slack)
	if err != nil {
		return fmt.Errorf("after an Acquire whose context had ended: %w", err)
	}
	if err := errors.Join(acquire(), g.free(held)); err != nil {
		return err
	}
	next, err := g.get(g.c, g.key(), g.ttl, g.slack)
	if err != nil {
		return fmt.Errorf("after an Acquire whose context had ended: %w", err)
	}
	return g.free(next)
}

// waitForOneself: a client does not get a key that it holds itself.
func (g *group) waitForOneself() error {
	held, err := g.get(g.a, g.key(), g.ttl, g.slack)
	if err != nil {
		return err
	}
	if err := g.refused(g.a, g.key(), maxNap); err != nil {
		return fmt.Errorf("the holder itself: %w", err)
	}
	if hasEnded(held) {
		return errors.New("a second Acquire of the holder ended its lease")
	}
	if err := g.free(held); err != nil {
		return err
	}
	next, err := g.get(g.b, g.key(), g.ttl, g.slack)
	if err != nil {
		return err
	}
	return errors.Join(g.follows(next, held), g.free(next))
}
