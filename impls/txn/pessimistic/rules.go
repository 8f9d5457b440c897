package pessimistic

// rules are what the stores of two-phase locking differ by. None of them is asked where
// nothing conflicts, but for end.
type rules interface {
	// before reports whether a is served before w, which waits at the same lock.
	before(a, w *locker) bool
	// conflict decides, under the latch, about a, which has just joined the queue of l. An
	// error ends its attempt.
	conflict(a *locker, l *lock) error
	// waits is called once a is in a queue, before it waits.
	waits(a *locker)
	// leaves takes a out of the queue of l, under its latch, because a does not wait any more.
	leaves(a *locker, l *lock)
	// clear reports, under the latch, whether a may insert a record before the one of next.
	clear(a *locker, next *lock) bool
	// end ends the transaction of a.
	end(s *TwoPhase, a *changer, committed bool)
}

// common is what the rules have in common.
type common struct{}

// before serves first come first, but for upgrades: what waits ahead waits for them, too.
func (common) before(a, _ *locker) bool { return a.upgrades }

func (common) conflict(*locker, *lock) error { return nil }

func (common) waits(*locker) {}

func (common) leaves(a *locker, l *lock) {
	l.unqueue(a)
	l.grant()
}

// clear asks for the next record in exclusive mode, for an instant: a transaction
// that has it may have seen that nothing was before it.
func (common) clear(a *locker, next *lock) bool { return next.compatible(a, exclusive) }

// end is strict: all locks are held to the end, after a rollback.
func (common) end(s *TwoPhase, a *changer, committed bool) {
	if !committed {
		a.rollBack()
	}
	s.release(a)
}
