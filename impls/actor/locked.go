package actor

import (
	"context"
	"math"
	"sync"
)

// locked is an actor with a goroutine, and a queue under a mutex. The goroutine waits for a
// message at a condition variable. A full mailbox follows one of three policies.
//
// Source: Hoare, Monitors, CACM 17(10), 1974, §4, bounded buffer; the policies are those
// of Reactive Streams implementations and of Akka's bounded mailboxes.
// Progress: a Tell waits for the mutex, and in a full mailbox of ring-block for room,
// without an order among senders.
// Space: a goroutine for each actor, also while it is idle, and a ring that grows with what
// waits: without bound (cond), or up to Props.Capacity (ring-block, ring-drop,
// ring-refuse).
// Ordering: every access is under the mutex.
// Wins over a channel where bursts are long, because no sender waits (cond). Bounds the
// memory of an overloaded actor (the rings). Loses to a shared dispatcher with many actors.
// Make a system with NewCond, NewRingBlock, NewRingDrop or NewRingRefuse. It must not be
// copied.
type locked struct {
	cell
	full     policy
	capacity int

	mu       sync.Mutex
	filled   sync.Cond // the actor waits
	freed    sync.Cond // senders wait
	messages queue
	asleep   bool // the actor waits
	nudged   bool
	closed   bool
}

// policy says what a Tell to a full mailbox does.
type policy int

const (
	blocks policy = iota
	drops
	refuses
)

// NewCond makes a system whose mailboxes have room for every message.
func NewCond(int) System { return newLocked(grows, openLocked) }

// NewRingBlock makes a system whose full mailboxes have senders wait.
func NewRingBlock(int) System { return newLocked(bounded(blocks), openLocked) }

// NewRingDrop makes a system whose full mailboxes drop their oldest message.
func NewRingDrop(int) System { return newLocked(bounded(drops), openLocked) }

// NewRingRefuse makes a system whose full mailboxes refuse messages.
func NewRingRefuse(int) System { return newLocked(bounded(refuses), openLocked) }

// rules is what a system's mailboxes do when they are full, and when that is.
type rules func(p Props) (full policy, capacity int)

func grows(Props) (policy, int) { return refuses, math.MaxInt }

func bounded(full policy) rules {
	return func(p Props) (policy, int) { return full, capacityOf(p) }
}

// openLocked makes an actor that is its own mailbox.
func openLocked() (*locked, mailbox) {
	a := new(locked)
	return a, a
}

// newLocked makes a system. open makes an actor, and the mailbox that it is.
func newLocked(r rules, open func() (*locked, mailbox)) *system {
	return newSystem(new(goroutines), func(_ *system, p Props) *cell {
		a, box := open()
		a.box = box
		a.full, a.capacity = r(p)
		a.filled.L, a.freed.L = &a.mu, &a.mu
		return &a.cell
	})
}

func (a *locked) put(ctx context.Context, e envelope) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.admit(ctx); err != nil {
		return err
	}
	a.messages.push(e)
	a.wake()
	return nil
}

// admit makes room for a message. The caller holds mu.
func (a *locked) admit(ctx context.Context) error {
	if a.messages.n >= a.capacity && !a.closed {
		if err := a.overflow(ctx); err != nil {
			return err
		}
	}
	if a.closed {
		return ErrStopped
	}
	return nil
}

// overflow follows the policy of a full mailbox. The caller holds mu.
func (a *locked) overflow(ctx context.Context) error {
	switch a.full {
	case drops:
		a.messages.pop()
		a.system.dead.Add(1)
		return nil
	case refuses:
		return ErrFull
	default:
		return a.await(ctx)
	}
}

// await waits for room. The caller holds mu.
func (a *locked) await(ctx context.Context) error {
	if ctx.Done() != nil {
		defer context.AfterFunc(ctx, func() {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.freed.Broadcast()
		})()
	}
	for a.messages.n >= a.capacity && !a.closed {
		if err := ctx.Err(); err != nil {
			a.freed.Signal() // it may have had the signal that another sender needs
			return err
		}
		a.freed.Wait()
	}
	return nil
}

// wake wakes the actor. The caller holds mu.
func (a *locked) wake() {
	if a.asleep {
		a.asleep = false
		a.filled.Signal()
	}
}

func (a *locked) take() (envelope, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	e, ok := a.messages.pop()
	if ok && a.full == blocks {
		a.freed.Signal()
	}
	return e, ok
}

func (a *locked) rest() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	for a.messages.n == 0 && !a.nudged {
		a.asleep = true
		a.filled.Wait()
	}
	a.nudged = false
	return false
}

func (a *locked) yield() bool { return false }

func (a *locked) nudge() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.nudged = true
	a.wake()
}

func (a *locked) shut() {
	a.mu.Lock()
	a.closed = true
	a.freed.Broadcast()
	a.mu.Unlock()
	a.nudge()
}
