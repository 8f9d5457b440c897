package actor

import (
	"context"
	"sync/atomic"
)

// cell is what all of our actors have, whatever their mailbox: the state, the place in the
// tree, and the way to stop. A type of actor embeds a cell and is its mailbox.
//
// One goroutine at a time runs an actor: its own, or a dispatcher. It alone uses behavior
// and family.
type cell struct {
	system         *system
	box            mailbox
	create         func() Behavior
	behavior       Behavior
	parent         *cell   // nil: System.Spawn started it
	family         *family // nil: there was no child, and Supervise is its zero value
	older, younger *cell   // siblings
	next           *cell   // in the line of a dispatcher
	done           atomic.Pointer[chan struct{}]
	state          atomic.Uint32
}

// mailbox is what systems differ in: where messages wait, and how the actor comes to run.
type mailbox interface {
	// put adds a message, and has the actor run. If there is no room, it waits for it or
	// fails. A put that waits fails when ctx ends or when the mailbox is shut.
	put(ctx context.Context, e envelope) error
	// take removes the oldest message. It finds every message whose put has returned.
	take() (envelope, bool)
	// rest lets an actor go that has found its mailbox empty. It returns false when there
	// is something to do again, and true when its goroutine has nothing more to do with it:
	// the next put or nudge has it run.
	rest() bool
	// yield lets other actors run. It returns true as rest does.
	yield() bool
	// nudge has the actor look at its state.
	nudge()
	// shut fails the puts that wait, and nudges.
	shut()
}

// envelope is a message in a mailbox.
type envelope struct {
	message any
	asker   *asker // nil: it was told
}

// The bits of a cell's state.
const (
	closing  = 1 << iota // it stops when its mailbox is empty
	killed               // it stops now
	upset                // a child's failure was escalated to it
	departed             // it has stopped; what its mailbox still gets are dead letters

	refusing = closing | killed
)

// over is the Done of every actor that has stopped.
var over = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// Tell sends a message.
func (a *cell) Tell(message any) bool {
	return a.send(context.Background(), envelope{message: message}) == nil
}

// Ask sends a message and waits for the reply.
func (a *cell) Ask(ctx context.Context, message any) (any, error) {
	k, err := a.ask(ctx, message)
	if err != nil {
		return nil, err
	}
	return k.wait(ctx, a.Done())
}

// ask sends a message, and returns where the reply will be.
func (a *cell) ask(ctx context.Context, message any) (*asker, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	k := askers.Get().(*asker)
	if err := a.send(ctx, envelope{message, k}); err != nil {
		askers.Put(k)
		return nil, err
	}
	return k, nil
}

// send puts a message into the mailbox. The actor may stop in between, and then the
// message is a dead letter.
func (a *cell) send(ctx context.Context, e envelope) error {
	if a.state.Load()&refusing != 0 {
		return ErrStopped
	}
	if err := a.box.put(ctx, e); err != nil {
		return err
	}
	if a.state.Load()&departed != 0 {
		a.bury()
	}
	return nil
}

// Stop has the actor stop when its mailbox is empty.
func (a *cell) Stop() { a.end(closing) }

// kill stops the actor when it has handled its message.
func (a *cell) kill() { a.end(killed) }

func (a *cell) end(how uint32) {
	if a.state.Or(how)&refusing == 0 {
		a.box.shut()
	}
}

// fail has the actor fail as if it had panicked. Any goroutine may call it.
func (a *cell) fail() {
	a.state.Or(upset)
	a.box.nudge()
}

// Done is closed when the actor has stopped.
func (a *cell) Done() <-chan struct{} {
	if c := a.done.Load(); c != nil {
		return *c
	}
	c := make(chan struct{})
	if !a.done.CompareAndSwap(nil, &c) {
		return *a.done.Load()
	}
	return c
}

// finish stops an actor that will handle nothing more. It has stopped when its children
// have.
func (a *cell) finish() {
	a.behavior = nil
	if a.family == nil || a.family.close() {
		a.depart()
	}
}

// depart ends an actor that has no children, and those above that have waited for it.
func (a *cell) depart() {
	for {
		a.state.Or(departed)
		a.bury()
		if c := a.done.Swap(&over); c != nil {
			close(*c)
		}
		if !a.siblings().leave(a) {
			return
		}
		if a.parent == nil {
			close(a.system.empty)
			return
		}
		a = a.parent
	}
}

// bury takes what an actor that has stopped still has in its mailbox for dead letters.
func (a *cell) bury() {
	a.system.graves.Lock()
	defer a.system.graves.Unlock()
	for {
		if _, ok := a.box.take(); !ok {
			return
		}
		a.system.dead.Add(1)
	}
}

// siblings are the actor's family of origin.
func (a *cell) siblings() *family {
	if a.parent == nil {
		return &a.system.roots
	}
	return a.parent.family
}
