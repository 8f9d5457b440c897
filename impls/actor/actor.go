// Package actor holds actor systems: actors have state that only they touch, and work off
// messages from their mailbox, one at a time.
//
// The contract: messages of one sender to one actor are handled in the order in which they
// were sent. A message is handled at most once. Every message is handled, refused by the
// mailbox, or counted as a dead letter. An actor handles one message at a time, and what
// it wrote while it handled one happens before the next. A panic in an actor costs its
// message, and then the actor's supervisor decides.
//
// To add an implementation, write its file and add one line to All.
package actor

import (
	"context"
	"errors"
	"time"

	"github.com/contendbench/contend/impls"
)

// Behavior handles the messages of an actor. One goroutine at a time calls it.
type Behavior interface {
	Receive(c Context, message any)
}

// Func is a Behavior that is a function.
type Func func(c Context, message any)

// Receive calls f.
func (f Func) Receive(c Context, message any) { f(c, message) }

// Ref is the address of an actor, in this process or in another one.
type Ref interface {
	// Tell sends a message. It reports whether the mailbox took it: a full one may refuse
	// it or wait, see the promises, and a stopped actor takes none.
	Tell(message any) bool
	// Ask sends a message and waits for the reply. It returns ErrStopped if the actor has
	// stopped, and the error of ctx if ctx ends first.
	Ask(ctx context.Context, message any) (any, error)
	// Stop has the actor stop when it has handled what is in its mailbox. Done is closed
	// then.
	Stop()
	Done() <-chan struct{}
}

// Context is what an actor has while it handles a message. It is for that call only.
type Context interface {
	Self() Ref
	// Reply answers an Ask. It does nothing if the message was told.
	Reply(message any)
	// Spawn starts a child, which this actor supervises. The child stops with it.
	Spawn(p Props) Ref
	// Stop stops this actor after this message. What is left in its mailbox becomes dead
	// letters.
	Stop()
}

// Props say how to make an actor.
type Props struct {
	// New makes the actor's state, also when a supervisor restarts it.
	New func() Behavior
	// Capacity bounds the mailbox of systems with Bounded mailboxes.
	Capacity int
	// Supervise says what happens when a child of the actor panics. The zero value stops
	// the child.
	Supervise Supervision
}

// Supervision is what a supervisor does when a child has panicked.
type Supervision struct {
	Then Directive
	// More than Limit restarts within Within are escalated. 0: no limit.
	Limit  int
	Within time.Duration
}

// Directive is a decision of a supervisor.
type Directive int

// The directives. Restart makes the state anew and keeps the mailbox. Escalate fails the
// supervisor itself; at the top, that stops the tree.
const (
	StopChild Directive = iota
	Restart
	Escalate
)

// System runs actors.
type System interface {
	Spawn(p Props) Ref
	// DeadLetters counts the messages that were taken and not handled, because their actor
	// had stopped.
	DeadLetters() uint64
	// Close stops all actors, after what is in their mailboxes, and returns when they have
	// stopped and no goroutine of the system is left.
	Close()
}

// New makes a system with a number of dispatching goroutines. Systems with a goroutine for
// each actor ignore it.
type New = func(workers int) System

// The promises of actor systems.
var (
	Supervised = impls.Promise{
		Name: "supervised", Meaning: "restarts, stops or escalates when an actor panics, with a limit to restarts",
	}
	Asks    = impls.Promise{Name: "asks", Meaning: "has an Ask that ends with its context"}
	Blocks  = impls.Promise{Name: "blocks", Meaning: "waits in Tell while the mailbox is full"}
	Drops   = impls.Promise{Name: "drops", Meaning: "drops the oldest message of a full mailbox, and counts it as a dead letter"}
	Refuses = impls.Promise{Name: "refuses", Meaning: "returns false from a Tell to a full mailbox"}
	Remote  = impls.Promise{Name: "remote", Meaning: "sends to an actor in another process through the same Ref, at most once"}
)

// ErrStopped is the error of an Ask to an actor that has stopped.
var ErrStopped = errors.New("actor: the actor has stopped")
