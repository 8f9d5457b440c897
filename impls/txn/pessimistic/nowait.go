package pessimistic

import "github.com/contendbench/contend/impls/txn"

// NoWait refuses a lock that is not free.
//
// Idea: a transaction that needs what another one has locked is rolled back at once, so
// that no transaction ever waits, and so none for another in a cycle.
// Source: Bernstein and Goodman 1981, §3.5; Yu and others 2014, §2.1.
// Progress: a transaction may be refused forever, and two may refuse each other.
// Space: that of TwoPhase; its queues stay empty.
// Wins: on many processors, where to wait holds locks for longer than to start over.
// Loses: long transactions among short ones, and few processors: what holds the lock is
// then mostly descheduled.
type NoWait struct{ common }

func (NoWait) conflict(*locker, *lock) error { return txn.ConflictOf(txn.Locked) }
