package pessimistic

import "github.com/contendbench/contend/impls/txn"

// WoundWait lets only younger transactions wait for older ones.
//
// Idea: a transaction that needs a lock wounds the younger ones that hold it: they are
// rolled back, at their next call or in their wait, and start again with their old age. One
// that has made its last call commits. The transaction waits for the older ones. The older
// a waiter, the earlier it is served, so that no transaction waits for a younger one in the
// queue, either. No cycle of waits can close.
// Source: Rosenkrantz, Stearns and Lewis 1978, the wound-wait system; the order of the
// queue is this project's.
// Progress: the oldest transaction is never wounded, and waits only for wounded ones, so
// each is served after finitely many others.
// Space: that of TwoPhase.
// Wins: long transactions among short ones, because age grows while they run; one that was
// wounded mostly waits when it starts again, and is not wounded by the same one twice.
// Loses: a wounded transaction has done work, and works on until it learns it.
type WoundWait struct{ common }

func (WoundWait) before(a, w *locker) bool { return a.birth < w.birth }

func (WoundWait) conflict(a *locker, l *lock) error {
	for h := range l.holders(a) {
		if a.birth < h.birth {
			h.end(txn.Wounded)
		}
	}
	return nil
}
