package distlock

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/workloads/faults"
	"github.com/contendbench/contend/workloads/load"
)

// contender is a client of the load around a fault.
type contender struct {
	scene    *scene
	client   locks.Client
	resource *access
	track    *harness.Track
	keyIndex int
	key      string
	id       int
}

// run acquires, visits the resource and releases until the window's end.
func (k *contender) run(w *harness.Worker) {
	c, hold := k.scene, k.scene.trial.Spins(load.Hold.Of(k.scene.trial))
	var last locks.Lease
	for w.Next() {
		start, newest := time.Now(), c.newest[k.keyIndex].Load()
		l, err := k.client.Acquire(c.ctx, k.key, c.asked)
		if err != nil {
			w.Undo()
			k.fail(w, err)
			return
		}
		w.Mark()
		c.entered(k, time.Now())
		k.track.Add(time.Since(start))
		err = c.checkToken(k.keyIndex, newest, l.Token())
		if last != nil && !c.tokensRestart() {
			err = errors.Join(err, releaseAgain(c.ctx, last))
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
		if err := c.checkRelease(l.Release(c.ctx)); err != nil {
			k.fail(w, err)
			return
		}
	}
}

// runImpatient waits for its key for a short time, again and again, so that some waiters
// in the queue have always given up.
func (k *contender) runImpatient(w *harness.Worker) {
	c := k.scene
	for w.Next() {
		ctx, cancel := context.WithTimeout(c.ctx, c.ttl/8)
		l, err := k.client.Acquire(ctx, k.key, c.asked)
		cancel()
		if err == nil {
			c.entered(k, time.Now())
			if err = k.resource.visit(k.key, l.Token(), func() {}); err == nil {
				err = c.checkRelease(l.Release(c.ctx))
			}
		}
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			k.fail(w, err)
			return
		}
	}
}

// fail fails the window, unless it has been broken off.
func (k *contender) fail(w *harness.Worker, err error) {
	if k.scene.ctx.Err() == nil {
		w.Fail(fmt.Errorf("client %d: %w", k.id, err))
		k.scene.cancel()
	}
}

// entered notes that a client has got its key.
func (c *scene) entered(k *contender, now time.Time) {
	c.entries[k.id] = append(c.entries[k.id], now)
	if k.keyIndex > 0 {
		c.others.Served()
		return
	}
	select {
	case c.successors <- now:
	default:
	}
}

// checkRelease judges what a release reports. A lease may be lost by the fault, or
// because this process stalled.
func (c *scene) checkRelease(err error) error {
	switch {
	case !errors.Is(err, locks.ErrLost):
		return err
	case c.mayLose.Load():
		return nil
	}
	return faults.UnlessStalled(err, c.pulse.Stall(), c.maxStall())
}

// checkToken checks that the token of an acquisition is greater than every token of the
// key that existed when the acquisition was asked for.
func (c *scene) checkToken(key int, before, token uint64) error {
	if !c.trial.Promises(locks.Fenced) || c.tokensRestart() {
		return nil
	}
	if token <= before {
		return fmt.Errorf("an acquisition got token %d, and token %d was older", token, before)
	}
	newest := c.newest[key].Load()
	for token > newest && !c.newest[key].CompareAndSwap(newest, token) {
		newest = c.newest[key].Load()
	}
	return nil
}

// tokensRestart reports whether tokens may be granted a second time, because the servers
// were killed and are not durable.
func (c *scene) tokensRestart() bool { return c.killed.Load() && !c.trial.Promises(locks.Durable) }
