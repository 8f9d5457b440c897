package actor

import (
	"sync"

	"github.com/contendbench/contend/impls"
	actors "github.com/contendbench/contend/impls/actor"
)

// An inbox takes messages for one receiver: the mailbox of an actor, or a plain channel.
type inbox interface {
	Tell(message any) bool
	// Close returns when the receiver has handled all messages and has ended.
	Close()
}

// newInbox starts a receiver, whose inbox has room for that many messages. Dispatchers are
// those of the actor system.
type newInbox = func(dispatchers, room int, receive func(message any)) inbox

// inboxes are the actor systems, for loads that need no more of an actor than its mailbox.
func inboxes(table []impls.Impl[actors.New]) (list []impls.Impl[newInbox]) {
	for _, i := range table {
		list = append(list, impls.With(i, inboxOf(i.New)))
	}
	return list
}

// inboxOf has an actor as the receiver, alone in its system.
func inboxOf(create actors.New) newInbox {
	return func(dispatchers, room int, receive func(message any)) inbox {
		s := create(dispatchers)
		return soleActor{s, s.Spawn(props(room, func(_ actors.Context, m any) { receive(m) }))}
	}
}

// soleActor is the inbox of an actor.
type soleActor struct {
	system actors.System
	ref    actors.Ref
}

func (a soleActor) Tell(message any) bool { return a.ref.Tell(message) }

func (a soleActor) Close() { a.system.Close() }

// channelInbox is a channel of messages and a goroutine that receives from it: what a
// program has that needs a mailbox and no actor.
//
// Source: Effective Go, Channels.
// Progress: a sender waits while the channel is full; waiters are served in order.
// Space: a goroutine, and two words for each message that there is room for.
// Ordering: a send synchronizes before its receive.
// Wins with one sender, and when the receiver is busy; it has no address that survives it,
// no supervisor and no dead letters.
// The zero value is not usable. Copies share the channel.
type channelInbox struct {
	messages chan any
	ended    *sync.WaitGroup
}

var plainChannel = impls.Headline(
	impls.New("plain-channel", impls.Channel, "Effective Go, Channels", newChannelInbox))

func newChannelInbox(_, room int, receive func(message any)) inbox {
	c := channelInbox{make(chan any, room), new(sync.WaitGroup)}
	c.ended.Go(func() {
		for m := range c.messages {
			receive(m)
		}
	})
	return c
}

// Tell sends a message.
func (c channelInbox) Tell(message any) bool {
	c.messages <- message
	return true
}

// Close closes the channel, and waits for the receiver.
func (c channelInbox) Close() {
	close(c.messages)
	c.ended.Wait()
}
