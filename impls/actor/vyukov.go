package actor

import (
	"context"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// vyukov is an actor with a linked list for many senders and one receiver, and without a
// goroutine. The sender that finds it idle schedules it at the shared dispatcher, which
// runs it for a batch of messages.
//
// Source: Vyukov 2010, Non-intrusive MPSC node-based queue, 1024cores.net; the schedule
// flag is that of Akka's mailboxes: the receiver clears it, and then looks again.
// Progress: a sender swaps its node in, which cannot fail, and links the previous one to
// it. The receiver waits for a sender between the two. An actor that waits in the middle
// of a message holds up a dispatcher; if all do, the system stands still.
// Space: a node for each message. An idle actor is this struct and one node.
// Ordering: the store of a link synchronizes before the load that sees it. One run of an
// actor happens before the next: by the flag, and by the dispatcher's mutex.
// Wins with many actors and short messages: an idle one takes no goroutine, and a busy one
// gets no wake-up. Loses where actors wait.
// Make a system with NewVyukov. It must not be copied.
type vyukov struct {
	cell
	pool      scheduler
	last      *node       // the node before the oldest message; only the receiver uses it
	scheduled atomic.Bool // it is in line, runs, or has stopped
	tail      atomic.Pointer[node]
}

type node struct {
	next atomic.Pointer[node]
	envelope
}

// NewVyukov makes a system with a number of dispatchers.
func NewVyukov(workers int) System {
	d := new(dispatcher)
	return newVyukov(workers, d, d, openVyukov)
}

// openVyukov makes an actor that is its own mailbox.
func openVyukov() (*vyukov, mailbox) {
	a := new(vyukov)
	return a, a
}

// newVyukov makes a system of a dispatcher. pool is that dispatcher, or a bug in it. open
// makes an actor, and the mailbox that it is.
func newVyukov(workers int, d *dispatcher, pool scheduler, open func() (*vyukov, mailbox)) *system {
	d.begin(workersOrAll(workers), pool)
	return newSystem(d, func(_ *system, p Props) *cell {
		a, box := open()
		a.box, a.pool, a.last = box, pool, new(node)
		a.tail.Store(a.last)
		return &a.cell
	})
}

func (a *vyukov) put(_ context.Context, e envelope) error {
	n := &node{envelope: e}
	a.tail.Swap(n).next.Store(n)
	if !a.scheduled.Load() {
		a.box.nudge()
	}
	return nil
}

// take removes the oldest message. If a sender is about to link it, take waits for that.
func (a *vyukov) take() (envelope, bool) {
	next := a.last.next.Load()
	if next == nil {
		if a.tail.Load() == a.last {
			return envelope{}, false
		}
		next = a.linked()
	}
	e := next.envelope
	next.envelope = envelope{}
	a.last = next
	return e, true
}

// linked waits until the oldest message is linked.
func (a *vyukov) linked() (n *node) {
	cpu.Until(func() bool { n = a.last.next.Load(); return n != nil })
	return n
}

// rest clears the flag, and looks again. A sender that came before saw the flag set.
func (a *vyukov) rest() bool {
	last := a.last
	a.scheduled.Store(false)
	if a.tail.Load() == last && a.state.Load() == 0 {
		return true
	}
	return !a.scheduled.CompareAndSwap(false, true)
}

func (a *vyukov) yield() bool {
	a.pool.schedule(&a.cell)
	return true
}

func (a *vyukov) nudge() {
	if !a.scheduled.Load() && a.scheduled.CompareAndSwap(false, true) {
		a.pool.schedule(&a.cell)
	}
}

func (a *vyukov) shut() { a.nudge() }
