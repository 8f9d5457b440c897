package pessimistic

import (
	"context"
	"errors"

	"github.com/contendbench/contend/impls/cpu"
	"github.com/contendbench/contend/impls/txn"
)

// The seeded bugs of pessimistic stores. Each is its twin minus one idea; the lines that
// differ are marked. None of them may be used.

// undoesLate is WoundWait that releases the locks and then restores the old values.
// In between, others read values that are undone, or lose their own changes.
type undoesLate struct{ WoundWait }

func (undoesLate) end(s *TwoPhase, a *changer, committed bool) {
	s.release(a) // bug: WoundWait releases the locks last
	if !committed {
		a.rollBack()
	}
}

// undoesForward is NoWait that restores the first change first. A key that was changed
// twice keeps the first of the changes.
type undoesForward struct{ NoWait }

func (undoesForward) end(s *TwoPhase, a *changer, committed bool) {
	if !committed {
		for _, c := range a.old { // bug: NoWait restores the latest change first
			c.record.value = c.value
		}
	}
	s.release(a)
}

// diesOfYounger is WaitDie with the comparison reversed. A transaction dies of each younger
// one, and starves among short ones.
type diesOfYounger struct{ WaitDie }

func (diesOfYounger) conflict(a *locker, l *lock) error {
	for b := range l.blockers(a) {
		if b.birth > a.birth { // bug: WaitDie dies of older ones
			return txn.ConflictOf(txn.Died)
		}
	}
	return nil
}

// asksOne is WaitDie that compares itself with one of those that it would wait for. It
// waits for an older one behind that, which may wait for it.
type asksOne struct{ WaitDie }

func (asksOne) conflict(a *locker, l *lock) error {
	for b := range l.blockers(a) {
		if b.birth < a.birth {
			return txn.ConflictOf(txn.Died)
		}
		break // bug: WaitDie asks all
	}
	return nil
}

// reborn is WaitDie with a new age for each attempt. A long transaction is always the
// youngest when it starts over, and dies again.
type reborn struct{ *TwoPhase }

func (s *reborn) Update(ctx context.Context, body func(txn.Tx) error) error {
	var attempts cpu.Spinner
	return s.Run(ctx, func() error {
		attempts.Turn()
		birth := s.births.Add(1) // bug: WaitDie keeps the age of the first attempt
		return s.attempt(ctx, birth, txn.Lifetime{}, body)
	})
}

// passesWriters is DeadlockDetection whose readers pass all that wait. A writer starves
// while readers come.
type passesWriters struct{ DeadlockDetection }

func (*passesWriters) before(a, _ *locker) bool {
	return a.upgrades || a.wants == shared // bug: in DeadlockDetection only upgrades pass
}

// insertsIntoGaps is NoWait that inserts a record into a gap that others have locked. It
// is a phantom to transactions that have scanned the gap.
type insertsIntoGaps struct{ NoWait }

func (insertsIntoGaps) clear(*locker, *lock) bool {
	return true // bug: NoWait asks for the next record
}

// woundsUnheard is WoundWait that does not wake a transaction that it wounds. One that
// waits may wait for the one that has wounded it.
type woundsUnheard struct{ WoundWait }

func (woundsUnheard) conflict(a *locker, l *lock) error {
	for h := range l.holders(a) {
		if a.birth < h.birth {
			h.doom.CompareAndSwap(nil, txn.ConflictOf(txn.Wounded)) // bug: WoundWait wakes it, too
		}
	}
	return nil
}

// staysQueued is WoundWait whose transactions keep their places in the queue when they
// do not wait any more. Then a lock is given to a transaction that has ended.
type staysQueued struct{ WoundWait }

func (staysQueued) leaves(*locker, *lock) {
	// bug: WoundWait leaves the queue …
	// … and serves those behind
}

// seesHolders is DeadlockDetection that follows the waits for holders only. It misses a
// cycle in which a transaction waits for one ahead of it in a queue.
type seesHolders struct{ DeadlockDetection }

func (d *seesHolders) waits(a *locker) {
	d.resolve(a, (*lock).holders) // bug: DeadlockDetection follows those for waiters, too
}

// upgradesByRelease is DeadlockDetection that gives a shared lock up before it waits for
// the exclusive one. What it had read may change before it writes.
type upgradesByRelease struct{ DeadlockDetection }

func (*upgradesByRelease) conflict(a *locker, l *lock) error {
	if a.upgrades {
		l.forget(a) // bug: DeadlockDetection keeps the shared lock …
		l.grant()   // … so no waiter can be served here
	}
	return nil
}

// reordersLocks is Sharded that, instead of starting over, releases what it holds and locks
// all in order. Others see what it has not committed, and change what it has read.
type reordersLocks struct{ *Sharded }

func (s *reordersLocks) Update(ctx context.Context, body func(txn.Tx) error) error {
	return s.run(ctx, &stripedTx{reads: exclusive, touch: reorder}, body)
}

func reorder(tx *stripedTx, shard int, m mode) error {
	err := waitUpwards(tx, shard, m)
	if err != nil {
		tx.store.unlock(&tx.held) // bug: Sharded returns the error …
		all := tx.held            // …
		all.add(shard, m)         // …
		tx.store.lock(&all)       // …
	}
	return nil
}

// appliesScouted is Ordered that locks and writes what the reconnaissance run has written.
// What that had read may have changed since.
type appliesScouted struct{ *Ordered }

func (s *appliesScouted) Update(ctx context.Context, body func(txn.Tx) error) error {
	var p plan
	tx := &scoutTx{store: s.striped, plan: &p}
	defer tx.End()
	if err := errors.Join(ctx.Err(), body(tx), ctx.Err()); err != nil {
		return err
	}
	s.lock(&p)
	defer s.unlock(&p)
	for _, w := range tx.writes.Sorted() { // bug: Ordered runs the body again, under the locks
		s.set(w.Key, w.Value)
	}
	return nil
}
