package actor

import "context"

// channel is an actor with a goroutine and a channel of its own.
//
// Source: Effective Go, Share by communicating; Hewitt, Bishop and Steiger 1973 for actors.
// Progress: Tell waits while the channel is full, in order of arrival.
// Space: a goroutine and a channel for each actor, also while it is idle. The channel has
// room for Props.Capacity messages from the start.
// Ordering: that of channels.
// Wins where actors wait in the middle of a message, because each has its goroutine.
// Loses with many actors: memory, and a wake-up for nearly every message.
// Actors that tell each other in a circle wait forever once their channels are full.
// Make a system with NewChannel. It must not be copied.
type channel struct {
	cell
	messages chan envelope
	held     envelope // taken by rest
	holds    bool
	nudged   chan struct{} // of one
	closed   chan struct{}
}

// NewChannel makes a system whose actors have a goroutine and a channel each.
func NewChannel(int) System { return newSystem(new(goroutines), openChannel) }

func openChannel(_ *system, p Props) *cell {
	a := &channel{
		messages: make(chan envelope, capacityOf(p)), nudged: make(chan struct{}, 1), closed: make(chan struct{}),
	}
	a.box = a
	return &a.cell
}

// capacityOf is that of a bounded mailbox.
func capacityOf(p Props) int {
	if p.Capacity > 0 {
		return p.Capacity
	}
	return DefaultCapacity
}

func (a *channel) put(ctx context.Context, e envelope) error {
	select {
	case a.messages <- e:
		return nil
	default:
	}
	select {
	case a.messages <- e:
		return nil
	case <-a.closed:
		return ErrStopped
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *channel) take() (envelope, bool) {
	if a.holds {
		e := a.held
		a.held, a.holds = envelope{}, false
		return e, true
	}
	select {
	case e := <-a.messages:
		return e, true
	default:
		return envelope{}, false
	}
}

func (a *channel) rest() bool {
	select {
	case a.held = <-a.messages:
		a.holds = true
	case <-a.nudged:
	}
	return false
}

func (a *channel) yield() bool { return false }

func (a *channel) nudge() {
	select {
	case a.nudged <- struct{}{}:
	default: // another nudge waits
	}
}

func (a *channel) shut() {
	close(a.closed)
	a.nudge()
}
