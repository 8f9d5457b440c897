package mutex

import (
	"runtime"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Ticket is the ticket lock: a goroutine draws a ticket and waits until its number is
// called.
//
// Source: Reed and Kanodia, Synchronization with Eventcounts and Sequencers, CACM 22(2),
// 1979, §4; Mellor-Crummey and Scott, ACM TOCS 9(1), 1991, §2.2.
// Progress: FIFO, so one preempted waiter delays all behind it. Waits by a cpu.Spinner.
// Space: two cache lines.
// Ordering: Unlock's add to serving synchronizes before the load that sees it.
// Wins where a small spin lock must be fair. Loses when goroutines outnumber processors,
// because the next waiter is then usually descheduled.
// The zero value is unlocked. A Ticket must not be copied after first use.
type Ticket struct {
	next    atomic.Uint32
	_       [cpu.Line - 4]byte // so that drawing a ticket does not disturb waiters
	serving atomic.Uint32
	_       [cpu.Line - 4]byte
}

// Lock draws a ticket and waits until it is called.
func (l *Ticket) Lock() {
	mine := l.next.Add(1) - 1
	var s cpu.Spinner
	for l.serving.Load() != mine {
		s.Turn()
	}
}

// TryLock takes the lock if it is free and has no waiters.
func (l *Ticket) TryLock() bool {
	serving := l.serving.Load()
	return l.next.CompareAndSwap(serving, serving+1)
}

// Unlock calls the next ticket. It panics if the lock is not held.
func (l *Ticket) Unlock() {
	if l.serving.Load() == l.next.Load() {
		panic("mutex: unlock of an unlocked Ticket")
	}
	l.serving.Add(1)
}

// TicketPure is Ticket without the yield: a textbook's spin lock under a scheduler that
// does not know about it.
//
// Source, progress, space, ordering and zero value: those of Ticket.
// Wins nowhere over Ticket. With more goroutines than processors a waiter burns its whole
// time slice while the called waiter is in the run queue. It shows what the yield is for.
type TicketPure struct{ Ticket }

// Lock draws a ticket and spins until it is called.
func (l *TicketPure) Lock() {
	mine := l.next.Add(1) - 1
	for l.serving.Load() != mine {
	}
}

// TicketBackoff is Ticket with proportional backoff: the more waiters are ahead of a
// waiter, the later it looks again.
//
// Source: Mellor-Crummey and Scott 1991, §2.2.
// Progress, space, ordering and zero value: those of Ticket.
// Wins over Ticket with many waiters and short sections, because waiters look less often.
// Loses when sections are longer than the pause assumes.
type TicketBackoff struct{ Ticket }

// perWaiter is how many turns of cpu.Pause a waiter stays away for each waiter ahead of
// it: about a short section.
const perWaiter = 32

// Lock draws a ticket and waits until it is called. Its pauses grow with the distance.
func (l *TicketBackoff) Lock() {
	mine := l.next.Add(1) - 1
	var s cpu.Spinner
	for {
		ahead := mine - l.serving.Load()
		if ahead == 0 {
			return
		}
		if ahead > 1 {
			runtime.Gosched() // another waiter must hold and release the lock first
		} else {
			s.Turn()
		}
		cpu.Pause(ahead * perWaiter)
	}
}
