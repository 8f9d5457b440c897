package pessimistic

import "github.com/contendbench/contend/impls/txn"

// WaitDie lets only older transactions wait for younger ones.
//
// Idea: a transaction that needs a lock waits if it started before all that it would wait
// for: those that hold the lock, and those ahead of it in the queue. Else it dies: it is
// rolled back, and starts again with its old age. No cycle of waits can close, because in
// each wait the waiter is the older one.
// Source: Rosenkrantz, Stearns and Lewis 1978, the wait-die system.
// Progress: the oldest transaction never dies, and waits in queues that are served first
// come first, so each is served after finitely many others.
// Space: that of TwoPhase.
// Wins: where conflicts are few; a transaction dies early, when it has done little.
// Loses: a young one may die many times of the same older one.
type WaitDie struct{ common }

func (WaitDie) conflict(a *locker, l *lock) error {
	for b := range l.blockers(a) {
		if b.birth < a.birth {
			return txn.ConflictOf(txn.Died)
		}
	}
	return nil
}
