package actor

import (
	"errors"
	"fmt"
	"runtime"

	actors "github.com/contendbench/contend/impls/actor"
)

// letter is a message of a sender that counts its messages to each actor, from 1. Its text
// is plain data, which its sender has written before it sends.
type letter struct {
	from, number int
	text         int // made of the other two
}

func newLetter(from, number int) *letter { return &letter{from, number, textOf(from, number)} }

func textOf(from, number int) int { return from*7919 + number }

// witness is the state of an actor that checks what it gets. All of it is plain data: only
// the actor that handles a message touches it.
type witness struct {
	last    []int // by sender: the number of its last message
	handled int
	inside  int // handlers
	stopped bool
	gaps    bool // messages may be missing between others
	wrong   error
}

func newWitness(senders int) *witness { return &witness{last: make([]int, senders)} }

// see checks a message: the order of its sender, what it says, and that no other message
// is being handled.
func (k *witness) see(l *letter) {
	if k.inside++; k.inside != 1 {
		k.fail(errors.New("an actor handled two messages at a time"))
	}
	switch due := k.last[l.from] + 1; {
	case k.stopped:
		k.fail(errors.New("an actor handled a message after it had stopped itself"))
	case l.text != textOf(l.from, l.number):
		k.fail(fmt.Errorf("message %d of sender %d says %d, want %d", l.number, l.from, l.text, textOf(l.from, l.number)))
	case l.number < due, l.number > due && !k.gaps:
		k.fail(fmt.Errorf("message %d of a sender came when message %d was due", l.number, due))
	}
	k.last[l.from] = l.number
	if k.handled++; k.handled%8 == 0 {
		runtime.Gosched()
	}
	k.inside--
}

func (k *witness) fail(err error) {
	if k.wrong == nil {
		k.wrong = err
	}
}

// receive is the behavior of an actor that only sees.
func (k *witness) receive(_ actors.Context, m any) { k.see(m.(*letter)) }

// ledger is what became of the messages of a system.
type ledger struct{ taken, refused, handled int }

// settle checks that each message that a mailbox took was handled or is a dead letter.
func (l ledger) settle(s actors.System) error {
	if dead := int(s.DeadLetters()); l.taken != l.handled+dead {
		return fmt.Errorf("of %d messages that were taken, %d were handled and %d are dead letters (%d more were refused)",
			l.taken, l.handled, dead, l.refused)
	}
	return nil
}
