package mutex

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Anderson is the array lock: waiters draw seats in a ring and each watches its own seat.
// A release therefore disturbs one waiter only.
//
// Source: Anderson 1990, §IV. A seat holds a ticket in place of a flag, as in Dice, Brief
// Announcement: A Partitioned Ticket Lock, SPAA 2011, so that waiters may share a seat.
// Progress: FIFO. Waits by a cpu.Spinner.
// Space: 64 seats of a cache line, 8 KiB; nothing for each waiter.
// Ordering: Unlock's store to the next seat synchronizes before the load that sees it.
// Wins over Ticket with many waiting processors, because a release invalidates one
// waiter's cache line. Loses in space and, like every FIFO spin lock, when
// oversubscribed.
// The zero value is unlocked. An Anderson must not be copied after first use.
type Anderson struct {
	next  atomic.Uint64
	_     [cpu.Line - 8]byte
	held  uint64 // the holder's ticket
	_     [cpu.Line - 8]byte
	seats [andersonSeats]seat // seat t % andersonSeats calls ticket t
}

const andersonSeats = 64

type seat struct {
	called atomic.Uint64
	_      [cpu.Line - 8]byte
}

// Lock draws a ticket and waits until its seat calls it.
func (l *Anderson) Lock() {
	mine := l.next.Add(1) - 1
	mySeat := &l.seats[mine%andersonSeats]
	var s cpu.Spinner
	for mySeat.called.Load() != mine {
		s.Turn()
	}
	l.held = mine
}

// Unlock calls the next ticket at its seat. It does not detect that the lock is not held.
func (l *Anderson) Unlock() {
	next := l.held + 1
	l.seats[next%andersonSeats].called.Store(next)
}
