package mutex

import "sync/atomic"

// Anderson is the array lock: waiters draw seats in a ring and each watches its own, so that a release disturbs
// one waiter only.
//
// Source: Anderson 1990, §IV, with the seat holding a ticket in place of a flag, as in Dice, Brief
// Announcement: A Partitioned Ticket Lock, SPAA 2011, so that more waiters than seats share one safely.
// Progress: FIFO. Waits by a spinner.
// Space: 64 seats of a cache line, 8 KiB a lock; nothing a waiter.
// Ordering: Unlock's store to the next seat synchronizes before the load that sees it.
// Wins over Ticket with many waiting processors; loses in space, and like every FIFO spin when oversubscribed.
// The zero value is unlocked. An Anderson must not be copied after first use.
type Anderson struct {
	next  atomic.Uint64
	_     [CacheLine - 8]byte
	held  uint64 // the holder's ticket
	_     [CacheLine - 8]byte
	seats [andersonSeats]seat // seat t % andersonSeats calls ticket t
}

const andersonSeats = 64

type seat struct {
	called atomic.Uint64
	_      [CacheLine - 8]byte
}

// Lock draws a ticket and waits until its seat calls it.
func (l *Anderson) Lock() {
	mine := l.next.Add(1) - 1
	mySeat := &l.seats[mine%andersonSeats]
	var s spinner
	for mySeat.called.Load() != mine {
		s.turn()
	}
	l.held = mine
}

// Unlock calls the next ticket at its seat. Unlock of an unlocked Anderson is not detected.
func (l *Anderson) Unlock() {
	next := l.held + 1
	l.seats[next%andersonSeats].called.Store(next)
}
