package actor

import (
	"context"
	"time"
)

// The seeded bugs. Each is its twin minus one idea; the lines that differ are marked. None
// of them may be used.

// idleUnchecked is vyukov that does not look again after it has cleared its flag. A message
// that came in between waits for the next one.
type idleUnchecked struct{ vyukov }

func (a *idleUnchecked) rest() bool {
	a.scheduled.Store(false)
	return true // bug: vyukov looks for messages that came before
}

// scheduledTwice is vyukov whose senders look at the flag and then set it. Two senders that
// find the actor idle schedule it twice.
type scheduledTwice struct{ vyukov }

func (a *scheduledTwice) nudge() {
	if !a.scheduled.Load() {
		a.scheduled.Store(true) // bug: vyukov swaps it, and schedules only if it was false
		a.pool.schedule(&a.cell)
	}
}

// parksBlind is dispatcher that looks at the line before its search, and not after it. What
// is scheduled during the search wakes no goroutine.
type parksBlind struct{ dispatcher }

func (d *parksBlind) next() *cell {
	d.mu.Lock()
	defer d.mu.Unlock()
	found := d.first // bug: dispatcher looks after the search
	d.search()
	for found == nil && !d.closed { // …
		d.park()
		found = d.first // …
	}
	a := d.pop()
	if d.first != nil {
		d.call()
	}
	return a
}

// lostInGrowth is cond whose ring keeps too little when it grows: it takes the slots up to
// the end of the array for all.
type lostInGrowth struct{ locked }

func (a *lostInGrowth) put(ctx context.Context, e envelope) error {
	a.mu.Lock()
	if q := &a.messages; q.n > 0 && q.n == len(q.slots) {
		kept := len(q.slots) - q.head
		q.grow()
		q.n = kept // bug: queue keeps those that wrapped around, too
	}
	a.mu.Unlock()
	return a.locked.put(ctx, e)
}

// drainLost is cond that stops at once, and forgets what is in its mailbox.
type drainLost struct{ locked }

func (a *drainLost) take() (envelope, bool) {
	if a.state.Load()&closing != 0 { // bug: cond empties its mailbox before it stops
		return envelope{}, false
	}
	return a.locked.take()
}

// lastAsker is cond that keeps one asker, and not one for each message.
type lastAsker struct {
	locked
	asker *asker
}

func (a *lastAsker) put(ctx context.Context, e envelope) error {
	a.mu.Lock()
	if e.asker != nil {
		a.asker = e.asker // bug: cond leaves it with its message …
	}
	a.mu.Unlock()
	return a.locked.put(ctx, e)
}

func (a *lastAsker) take() (envelope, bool) {
	e, ok := a.locked.take()
	a.mu.Lock()
	defer a.mu.Unlock()
	if e.asker != nil {
		e.asker = a.asker // … and does not take the latest
	}
	return e, ok
}

// dropsUncounted is ring-drop that forgets what it drops.
type dropsUncounted struct{ locked }

func (a *dropsUncounted) put(ctx context.Context, e envelope) error {
	a.mu.Lock()
	if a.messages.n >= a.capacity && !a.closed {
		a.messages.pop() // bug: ring-drop counts a dead letter
	}
	a.mu.Unlock()
	return a.locked.put(ctx, e)
}

// deafSenders is ring-block whose end does not wake the senders that wait for room.
type deafSenders struct{ locked }

func (a *deafSenders) shut() {
	a.mu.Lock()
	a.closed = true // bug: ring-block wakes all senders
	a.mu.Unlock()
	a.nudge()
}

// freedUnheard is ring-block that wakes a sender only when the mailbox was full, although
// several wait for the room that several messages leave.
type freedUnheard struct{ locked }

func (a *freedUnheard) take() (envelope, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	full := a.messages.n >= a.capacity
	e, ok := a.messages.pop()
	if full { // bug: ring-block wakes a sender for each message that it takes
		a.freed.Signal()
	}
	return e, ok
}

// keepsState is oneForOne whose restarts leave the actor as it was.
type keepsState struct{ oneForOne }

func (keepsState) renew(a *cell) {
	if a.family != nil {
		a.family.abandon()
	}
	// bug: oneForOne makes the state anew
}

// limitForever is oneForOne whose restarts count forever.
type limitForever struct{ oneForOne }

func (limitForever) decide(f *family) Directive {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s := f.supervise; s.Then != Restart || s.Limit == 0 {
		return s.Then
	}
	return f.restart(time.Time{}) // bug: oneForOne forgets the restarts before Within
}

// noLimit is oneForOne that restarts however often an actor fails.
type noLimit struct{ oneForOne }

func (noLimit) decide(f *family) Directive {
	return f.supervise.Then // bug: oneForOne escalates what is more than Limit
}

// orphans is oneForOne whose restarts leave the children of the old state running.
type orphans struct{ oneForOne }

func (orphans) renew(a *cell) {
	a.behavior = a.create() // bug: oneForOne stops the children
}

// limitCarries is oneForOne whose restarted supervisors keep the count of their restarts.
type limitCarries struct{ oneForOne }

func (limitCarries) renew(a *cell) {
	if a.family != nil {
		a.family.mu.Lock()
		a.family.stop() // bug: oneForOne forgets the restarts, too
		a.family.mu.Unlock()
	}
	a.behavior = a.create()
}

// barrenLives is oneForOne that recovers from a New that panics.
type barrenLives struct{ oneForOne }

func (barrenLives) renew(a *cell) {
	defer func() { _ = recover() }() // bug: oneForOne's caller recovers, and stops the actor
	oneForOne{}.renew(a)
}
