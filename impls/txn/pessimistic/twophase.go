package pessimistic

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/index"
)

// TwoPhase is a store whose transactions lock each record that they touch, and release
// nothing before their end. What happens on a conflict is up to its rules: see NoWait,
// WaitDie, WoundWait and DeadlockDetection.
//
// Idea: a record is locked shared to read it, and exclusive to change it in place. A gap
// between two keys has no record. It is locked with the record after it: a scan locks also
// the record after its range, and an insertion waits until no other transaction holds the
// record after the new one. A deleted record stays, without a value, while it is locked.
// Source: Eswaran, Gray, Lorie and Traiger 1976, two-phase locking; Gray and Reuter 1992,
// §7.8, and Mohan 1990 (ARIES/KVL), next-key locking.
// Space: a record with a lock for each key, and a list of locks for each transaction. The
// lists are pooled. A Tx is not, and loses its lists at its end, so a later call finds that
// it has ended.
// Ordering: a value belongs to its lock; locks change under their latches.
type TwoPhase struct {
	txn.Retry
	rules    rules
	index    *index.Index[record]
	last     record        // after all keys; in no index
	inserted atomic.Uint64 // records; changes after each insertion, under the latch of the next record
	births   atomic.Uint64
	changers sync.Pool
}

// record is a key with its value, or without one.
type record struct {
	lock
	gone  bool // it is not in the index any more; belongs to the latch
	key   uint64
	value []byte // nil: none
}

// changer is what a transaction under way has.
type changer struct {
	locker
	old    []change // in the order of the changes
	batch  []index.Entry[record]
	single []index.Entry[record]
}

// change is what a record had before.
type change struct {
	record *record
	value  []byte
}

func newTwoPhase(o txn.Options, r rules) *TwoPhase {
	s := &TwoPhase{Retry: txn.NewRetry(o), rules: r, index: index.New[record]()}
	s.last.value = []byte{} // so it is never removed
	s.changers.New = func() any { return &changer{locker: locker{wake: make(chan struct{}, 1)}} }
	return s
}

// Update runs body, and locks what it touches.
func (s *TwoPhase) Update(ctx context.Context, body func(txn.Tx) error) error {
	return s.run(ctx, txn.Lifetime{}, body)
}

// View runs body, and locks what it reads.
func (s *TwoPhase) View(ctx context.Context, body func(txn.Tx) error) error {
	return s.run(ctx, txn.ReadOnly, body)
}

func (s *TwoPhase) run(ctx context.Context, l txn.Lifetime, body func(txn.Tx) error) error {
	birth := s.births.Add(1)
	return s.Run(ctx, func() error { return s.attempt(ctx, birth, l, body) })
}

// Close has nothing to free.
func (s *TwoPhase) Close() error { return nil }

// attempt runs body once. A doomed transaction that has not learned it by the end of its
// body commits: it has all its locks, and to run it again would free them later.
func (s *TwoPhase) attempt(ctx context.Context, birth uint64, l txn.Lifetime, body func(txn.Tx) error) error {
	a := s.changers.Get().(*changer)
	a.birth = birth
	tx := &lockTx{Lifetime: l, ctx: ctx, store: s, changer: a}
	committed := false
	defer func() { // also if body panics
		tx.End()
		tx.changer = nil
		s.rules.end(s, a, committed)
		a.reset()
		s.changers.Put(a)
	}()
	err := body(tx)
	switch {
	case tx.err != nil:
		return tx.err
	case err != nil:
		return err
	case ctx.Err() != nil:
		return ctx.Err()
	}
	committed = true
	return nil
}

// rollBack restores the old values, the latest change first.
func (a *changer) rollBack() {
	for i := len(a.old) - 1; i >= 0; i-- {
		a.old[i].record.value = a.old[i].value
	}
}

// set changes a record that a holds.
func (a *changer) set(r *record, value []byte) {
	a.old = append(a.old, change{r, r.value})
	r.value = value
}

// release releases all locks.
func (s *TwoPhase) release(a *changer) {
	for _, r := range a.held {
		r.latch.Lock()
		r.drop(&a.locker)
		s.settle(r)
		r.latch.Unlock()
	}
}

// reset makes a ready for another transaction. It keeps the memory, but no record.
func (a *changer) reset() {
	clear(a.held)
	clear(a.old)
	clear(a.batch)
	clear(a.single)
	a.held, a.old = a.held[:0], a.old[:0]
	a.doom.Store(nil)
}

// settle serves the queue of a record, and removes the record if it has no value and no
// transaction needs it. The gaps on both sides of it are one then, which belongs to the
// record after it. Of the two, only the upper one can be locked.
func (s *TwoPhase) settle(r *record) {
	r.grant()
	if r.idle() && r.value == nil {
		r.gone = true
		s.index.Remove(r.key, r)
	}
}

// acquire locks r for a. It returns false if r is gone.
func (s *TwoPhase) acquire(ctx context.Context, a *locker, r *record, m mode) (bool, error) {
	r.latch.Lock()
	if r.gone {
		r.latch.Unlock()
		return false, nil
	}
	had := r.modeOf(a)
	if had >= m {
		r.latch.Unlock()
		return true, nil
	}
	a.wants, a.upgrades = m, had != none
	if !r.compatible(a, m) || had == none && r.head != nil && !s.rules.before(a, r.head) {
		err := s.wait(ctx, a, &r.lock)
		if had == none && a.granted.Load() {
			a.held = append(a.held, r)
		}
		return true, err
	}
	r.take(a, m)
	r.latch.Unlock()
	if had == none {
		a.held = append(a.held, r)
	}
	return true, nil
}

// wait queues a at l and waits. It releases the latch, which its caller has acquired. With
// an error, a may have the lock nevertheless.
func (s *TwoPhase) wait(ctx context.Context, a *locker, l *lock) error {
	l.queue(a, s.rules.before)
	if err := s.rules.conflict(a, l); err != nil {
		l.unqueue(a)
		l.latch.Unlock()
		return err
	}
	l.latch.Unlock()
	s.rules.waits(a)
	for !a.granted.Load() {
		if doom := a.doom.Load(); doom != nil {
			s.stopWaiting(a, l)
			return doom
		}
		select {
		case <-a.wake:
		case <-ctx.Done():
			s.stopWaiting(a, l)
			return ctx.Err()
		}
	}
	return nil
}

func (s *TwoPhase) stopWaiting(a *locker, l *lock) {
	l.latch.Lock()
	defer l.latch.Unlock()
	if !a.granted.Load() {
		s.rules.leaves(a, l)
	}
}
