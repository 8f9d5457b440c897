package mutex

import (
	"runtime"
	"sync/atomic"
)

// Ticket is the ticket lock: a goroutine draws a number and waits until it is called.
//
// Source: Reed and Kanodia, Synchronization with Eventcounts and Sequencers, CACM 22(2), 1979, §4; Mellor-Crummey and
// Scott, ACM TOCS 9(1), 1991, §2.2.
// Progress: FIFO, so one preempted waiter stalls all behind it. Waits by a spinner.
// Space: two cache lines.
// Ordering: Unlock's add to serving synchronizes before the load that sees it.
// Wins where fairness is wanted of a small spin lock; loses when goroutines outnumber processors, since the
// next in line is then mostly not running.
// The zero value is unlocked. A Ticket must not be copied after first use.
type Ticket struct {
	next    atomic.Uint32
	_       [CacheLine - 4]byte // drawing a number does not disturb those who watch
	serving atomic.Uint32
	_       [CacheLine - 4]byte
}

// Lock draws a number and waits for it.
func (l *Ticket) Lock() {
	mine := l.next.Add(1) - 1
	var s spinner
	for l.serving.Load() != mine {
		s.turn()
	}
}

// TryLock takes the lock if nobody holds it or waits.
func (l *Ticket) TryLock() bool {
	serving := l.serving.Load()
	return l.next.CompareAndSwap(serving, serving+1)
}

// Unlock calls the next number; it panics when the lock is not held.
func (l *Ticket) Unlock() {
	if l.serving.Load() == l.next.Load() {
		panic("mutex: unlock of an unlocked Ticket")
	}
	l.serving.Add(1)
}

// TicketPure is Ticket without the yield: what a textbook's spin lock does under a scheduler that knows
// nothing of it.
//
// Source, progress, space, ordering and zero value: those of Ticket.
// Wins never over Ticket; with more goroutines than processors a waiter burns its whole time slice, 10 ms,
// while the one that is called stands in the run queue. It is here to be seen.
type TicketPure struct{ Ticket }

// Lock draws a number and spins until it is called.
func (l *TicketPure) Lock() {
	mine := l.next.Add(1) - 1
	for l.serving.Load() != mine {
	}
}

// TicketBackoff is Ticket with proportional backoff: a waiter looks again after as long as those before it
// should take.
//
// Source: Mellor-Crummey and Scott 1991, §2.2.
// Progress, space, ordering and zero value: those of Ticket.
// Wins over Ticket where many wait and sections are short; loses when sections are longer than the pause
// assumes.
type TicketBackoff struct{ Ticket }

// perWaiter is the pause for every waiter ahead, in turns of a pause: about a short section.
const perWaiter = 32

// Lock draws a number and waits for it, in pauses by its distance.
func (l *TicketBackoff) Lock() {
	mine := l.next.Add(1) - 1
	var s spinner
	for {
		ahead := mine - l.serving.Load()
		if ahead == 0 {
			return
		}
		if ahead > 1 {
			runtime.Gosched() // it will not be called before another has held and released
		} else {
			s.turn()
		}
		pause(ahead * perWaiter)
	}
}
