// Package actor holds actor systems: actors have state that only they touch, and work off
// messages from their mailbox, one at a time.
//
// The contract: messages of one sender to one actor are handled in the order in which they
// were sent. A message is handled at most once. Every message is handled, refused by the
// mailbox, or counted as a dead letter. An actor handles one message at a time, and what
// it wrote while it handled one happens before the next. What a sender wrote before a Tell
// happens before the message is handled. A panic in an actor costs its message, and then
// the actor's supervisor decides. The supervisor of an actor that Context.Spawn started is
// the actor that started it. An actor that System.Spawn started has none: a panic stops it
// and its children.
//
// What a user must not do: send nil, call runtime.Goexit in an actor, close a system from
// one of its actors, or have actors wait for each other's mailboxes in a circle. Systems
// that promise Blocks wait forever then, as channels do.
//
// Actors of other processes are reached through a Node, see Remotes.
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
	// it or wait, see the promises. After Stop or Context.Stop, Tell returns false, and so
	// does a Tell that waits then. An actor may tell itself: the message is handled after
	// those that its mailbox holds.
	Tell(message any) bool
	// Ask sends a message and waits for the reply. It returns ErrStopped if the actor stops
	// before it replies, ErrFull if the mailbox refuses the message, and the error of ctx
	// if ctx ends first. A message that the actor handles without a Reply, or that costs a
	// panic, is never answered.
	Ask(ctx context.Context, message any) (any, error)
	// Stop has the actor stop when it has handled what is in its mailbox. It does not wait
	// for that. The actor's children stop then.
	Stop()
	// Done is closed when the actor and its children have stopped. What is left in the
	// actor's mailbox has become dead letters before.
	Done() <-chan struct{}
}

// Context is what an actor has while it handles a message. It is for that call only.
type Context interface {
	Self() Ref
	// Reply answers an Ask. It does nothing if the message was told, or is answered already.
	Reply(message any)
	// Spawn starts a child, which this actor supervises. The child stops with it.
	Spawn(p Props) Ref
	// Stop stops this actor after this message. What is left in its mailbox becomes dead
	// letters.
	Stop()
}

// Props say how to make an actor.
type Props struct {
	// New makes the actor's state, also when a supervisor restarts it. Spawn calls it. An
	// actor whose New panics at a restart stops.
	New func() Behavior
	// Capacity bounds the mailbox of systems that promise impls.Bounded, in messages beside
	// the one that is being handled. 0: DefaultCapacity.
	Capacity int
	// Supervise says what happens when a child of the actor panics. The zero value stops
	// the child.
	Supervise Supervision
}

// DefaultCapacity is that of bounded mailboxes whose Props name none.
const DefaultCapacity = 128

// Supervision is what a supervisor does when a child has panicked.
type Supervision struct {
	Then Directive
	// More than Limit restarts of children within Within are escalated. The restarts of all
	// children count together, from the supervisor's own last restart on. Limit 0: there is
	// no limit. Within 0: restarts count forever.
	Limit  int
	Within time.Duration
}

// Directive is a decision of a supervisor.
type Directive int

// The directives. A child that is stopped leaves its mailbox to the dead letters. Restart
// makes the state anew and keeps the mailbox; the children of the old state stop. Escalate
// stops the child and fails the supervisor itself, as if it had panicked; at the top, that
// stops the tree.
const (
	StopChild Directive = iota
	Restart
	Escalate
)

// System runs actors.
type System interface {
	// Spawn starts an actor. After Close, the actor has stopped already.
	Spawn(p Props) Ref
	// DeadLetters counts the messages that were taken and not handled, because their actor
	// had stopped or their mailbox dropped them. A message that costs a panic counts as
	// handled.
	DeadLetters() uint64
	// Close stops the actors that Spawn started, as Stop does, and returns when all actors
	// have stopped and no goroutine of the system is left. What actors tell one another
	// meanwhile may be refused.
	Close()
}

// New makes a system with a number of dispatching goroutines. Systems with a goroutine for
// each actor ignore it. 0 or less: as many as processors run Go code.
type New = func(workers int) System

// The promises of actor systems. A system that promises impls.Bounded has mailboxes of a
// capacity, and one of Blocks, Drops and Refuses. One that promises impls.Unbounded takes
// every message until its actor stops.
var (
	Supervised = impls.Promise{
		Name: "supervised", Meaning: "restarts, stops or escalates when an actor panics, with a limit to restarts",
	}
	Asks   = impls.Promise{Name: "asks", Meaning: "has an Ask that ends with its context"}
	Blocks = impls.Promise{Name: "blocks", Meaning: "makes a caller wait for room while it is full"}
	Drops  = impls.Promise{
		Name: "drops", Meaning: "drops the oldest message of a full mailbox, and counts it as a dead letter",
	}
	Refuses        = impls.Promise{Name: "refuses", Meaning: "returns false from a Tell to a full mailbox"}
	Forgets        = impls.Promise{Name: "forgets", Meaning: "leaves no memory of an actor that has stopped"}
	DrainsChildren = impls.Promise{
		Name: "drains-children", Meaning: "has a child handle what is in its mailbox when its parent stops",
	}
	Remote = impls.Promise{
		Name: "remote", Meaning: "sends to an actor in another process through the same Ref, at most once",
	}
)

var (
	// ErrStopped is the error of an Ask to an actor that has stopped.
	ErrStopped = errors.New("actor: the actor has stopped")
	// ErrFull is the error of an Ask to a full mailbox that refuses messages.
	ErrFull = errors.New("actor: the mailbox is full")
)
