package actor

import (
	"context"
	"runtime"
	"sync/atomic"

	"github.com/Arceliar/phony"
)

// inbox is an actor whose mailbox is an Inbox of phony: a list of functions, which a
// goroutine runs as long as there are any.
//
// Source: github.com/Arceliar/phony v0.0.0-20220903101357-530938a4b13d.
// Progress: a sender swaps its function in, which cannot fail. The goroutine of an actor
// runs until the list is empty, without a batch.
// Space: a closure and a list element for each message. An idle actor has no goroutine.
// Ordering: that of atomic operations.
// Bridged: phony has functions in place of messages, and neither an Ask with a context, nor
// a stop, nor supervision, nor a tree. This file gives it those of our own systems, and
// does not promise supervision. A panic would end the process, so each message is guarded.
// Messages under way are counted, so that none becomes a dead letter after Close.
// Its senders here are not phony actors, so none is slowed down by a long list.
// Wins over a goroutine for each actor with many idle ones. Loses where actors become idle
// after each message, because each time a goroutine starts.
// Make a system with NewPhony. It must not be copied. The last goroutines may end a moment
// after Close returns, because phony does not tell.
type inbox struct {
	cell
	messages phony.Inbox
	turn     turn
	over     bool // only the actor's runs use it
	underway atomic.Int64
	gone     atomic.Bool // over, for senders
}

// NewPhony makes a system of phony actors.
func NewPhony(int) System {
	return newSystem(elsewhere{}, func(*system, Props) *cell {
		a := new(inbox)
		a.box, a.turn.actor = a, &a.cell
		return &a.cell
	})
}

// elsewhere is the engine of actors that run on the goroutines of a library.
type elsewhere struct{}

func (elsewhere) start(*cell) {}

func (elsewhere) close() {}

// put waits for its message if the actor is about to stop. Either put sees that, or the
// actor sees the message under way and stops after it.
func (a *inbox) put(_ context.Context, e envelope) error {
	a.underway.Add(1)
	a.messages.Act(nil, func() {
		a.deliver(e)
		a.underway.Add(-1)
	})
	if a.gone.Load() {
		for a.underway.Load() > 0 {
			runtime.Gosched()
		}
	}
	return nil
}

// deliver handles a message, unless the actor has stopped before.
func (a *inbox) deliver(e envelope) {
	if a.over || a.state.Load()&killed != 0 {
		a.system.dead.Add(1)
		return
	}
	if !a.handled(e) {
		a.supervised()
	}
}

// handled handles a message. It returns false after a panic, whose value is lost.
func (a *inbox) handled(e envelope) (ok bool) {
	defer func() {
		if !ok {
			_ = recover()
		}
		a.turn.asker = nil
	}()
	a.turn.asker = e.asker
	a.behavior.Receive(&a.turn, e.message)
	return true
}

// take finds nothing: what comes after the end is counted by deliver.
func (a *inbox) take() (envelope, bool) { return envelope{}, false }

func (a *inbox) rest() bool { return true }

func (a *inbox) yield() bool { return true }

func (a *inbox) nudge() { a.messages.Act(nil, a.look) }

// look does what the state asks for.
func (a *inbox) look() {
	if !a.over && a.state.Load()&(upset|killed) == upset {
		a.state.And(^uint32(upset))
		a.supervised()
	}
}

// shut has the actor stop after the messages that came before.
func (a *inbox) shut() { a.messages.Act(nil, a.leave) }

// leave stops the actor when no message is under way.
func (a *inbox) leave() {
	a.over = true
	if a.gone.Store(true); a.underway.Load() > 0 {
		runtime.Gosched()
		a.messages.Act(nil, a.leave)
		return
	}
	a.finish()
}
