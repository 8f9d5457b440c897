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

// contender is a client of the load.
type contender struct {
	scene    *scene
	client   locks.Client
	resource *access
	track    *harness.Track
	place    int // of key, among the keys
	key      string
	id       int
}

// run acquires, visits the resource and releases until the window's end.
func (k *contender) run(w *harness.Worker) {
	c, hold := k.scene, k.scene.trial.Spins(load.Hold.Of(k.scene.trial))
	var last locks.Lease
	for w.Next() {
		begin, newest := time.Now(), c.newest[k.place].Load()
		l, err := k.client.Acquire(c.ctx, k.key, c.lease)
		if err != nil {
			w.Undo()
			k.fail(w, err)
			return
		}
		w.Mark()
		c.entered(k, time.Now())
		k.track.Add(time.Since(begin))
		err = c.grows(k.place, newest, l.Token())
		if last != nil && !c.tokensAnew() {
			err = errors.Join(err, releasedAgain(c.ctx, last))
		}
		if err != nil {
			k.fail(w, err)
			return
		}
		last = l
		if err := k.resource.visit(k.key, l.Token(), func() { w.Spin(hold) }); err != nil {
			k.fail(w, err)
			return
		}
		if err := c.released(l.Release(c.ctx)); err != nil {
			k.fail(w, err)
			return
		}
	}
}

// released is what a release says of the lock: a lease may have been lost if the fault made it so, or if this process stood still.
func (c *scene) released(err error) error {
	switch {
	case !errors.Is(err, locks.ErrLost):
		return err
	case c.mayLose.Load():
		return nil
	}
	return unlessStalled(err, c.pulse.stall(), c.mostStall())
}

// grows checks an acquisition's token: whatever happened, it is greater than every token of the key that there was when it was asked for.
func (c *scene) grows(place int, before, token uint64) error {
	if !c.trial.Promises(impls.Fenced) || c.tokensAnew() {
		return nil
	}
	if token <= before {
		return fmt.Errorf("an acquisition got token %d after there had been %d", token, before)
	}
	for newest := c.newest[place].Load(); token > newest && !c.newest[place].CompareAndSwap(newest, token); newest = c.newest[place].Load() {
	}
	return nil
}

// tokensAnew reports whether tokens may come again, because the servers were killed and nothing lasts.
func (c *scene) tokensAnew() bool { return c.killed.Load() && !c.trial.Promises(impls.Durable) }

// giveUp waits for its key, a little while again and again, so that there are always some in line who have given up.
func (k *contender) giveUp(w *harness.Worker) {
	c := k.scene
	for w.Next() {
		ctx, cancel := context.WithTimeout(c.ctx, c.ttl/8)
		l, err := k.client.Acquire(ctx, k.key, c.lease)
		cancel()
		if err == nil {
			c.entered(k, time.Now())
			if err = k.resource.visit(k.key, l.Token(), func() {}); err == nil {
				err = c.released(l.Release(c.ctx))
			}
		}
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			k.fail(w, err)
			return
		}
	}
}

// fail voids the window, unless it has been broken off.
func (k *contender) fail(w *harness.Worker, err error) {
	if k.scene.ctx.Err() == nil {
		w.Fail(fmt.Errorf("client %d: %w", k.id, err))
		k.scene.cancel()
	}
}

// entered notes that a client has got its key.
func (c *scene) entered(k *contender, now time.Time) {
	c.entries[k.id] = append(c.entries[k.id], now)
	if k.key != c.keys[0] {
		c.others.Add(1)
		return
	}
	select {
	case c.heirs <- now:
	default:
	}
}
