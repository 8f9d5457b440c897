package pessimistic

import (
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/txn"
)

// mode is how a transaction holds a lock. A greater mode allows what a smaller one does.
type mode uint8

const (
	none mode = iota
	shared
	exclusive
)

// lock is held by one transaction, or shared by many, and has a queue. Its latch is held
// for a moment only, to look at the lock, to take it and to release it.
type lock struct {
	latch   sync.Mutex
	owner   *locker   // exclusive
	readers []*locker // shared; an owner is none of them
	head    *locker   // waits, the next to be served
	tail    *locker
}

// locker is a transaction as its locks know it. It waits for one lock at a time.
type locker struct {
	birth uint64 // the order of the transactions' starts; kept over retries
	held  []*record
	wake  chan struct{} // has room for one; the locker may find that nothing has changed

	// doom is why the transaction must end. Others set it.
	doom atomic.Pointer[txn.Conflict]
	at   atomic.Pointer[lock] // where it waits; changes under the latch of that lock

	// Those below belong to the latch of the lock where it waits.
	wants      mode
	upgrades   bool // it has the lock shared already
	prev, next *locker

	granted atomic.Bool
}

// wakeUp makes a locker look whether its wait is over.
func (a *locker) wakeUp() {
	select {
	case a.wake <- struct{}{}:
	default: // it has not seen the last one yet
	}
}

// end dooms a transaction.
func (a *locker) end(why txn.Reason) {
	if a.doom.CompareAndSwap(nil, txn.ConflictOf(why)) {
		a.wakeUp()
	}
}

// The methods below need the latch.

// modeOf returns how a holds the lock.
func (l *lock) modeOf(a *locker) mode {
	switch {
	case l.owner == a:
		return exclusive
	case slices.Contains(l.readers, a):
		return shared
	}
	return none
}

// compatible reports whether no other transaction holds the lock in a mode that conflicts
// with m.
func (l *lock) compatible(a *locker, m mode) bool {
	if l.owner != nil && l.owner != a {
		return false
	}
	return m == shared || len(l.readers) == 0 || len(l.readers) == 1 && l.readers[0] == a
}

// take gives a the lock in a compatible mode.
func (l *lock) take(a *locker, m mode) {
	if m == shared {
		l.readers = append(l.readers, a)
		return
	}
	l.owner = a
	l.forget(a)
}

// drop takes the lock from a.
func (l *lock) drop(a *locker) {
	if l.owner == a {
		l.owner = nil
		return
	}
	l.forget(a)
}

// forget removes a from the readers.
func (l *lock) forget(a *locker) {
	if i := slices.Index(l.readers, a); i >= 0 {
		last := len(l.readers) - 1
		l.readers[i], l.readers[last] = l.readers[last], nil
		l.readers = l.readers[:last]
	}
}

// idle reports whether no transaction holds the lock or waits for it.
func (l *lock) idle() bool { return l.owner == nil && len(l.readers) == 0 && l.head == nil }

// queue puts a into the queue: behind the last waiter that it does not go before.
func (l *lock) queue(a *locker, before func(a, w *locker) bool) {
	w := l.tail
	for w != nil && before(a, w) {
		w = w.prev
	}
	a.prev = w
	if w == nil {
		a.next, l.head = l.head, a
	} else {
		a.next, w.next = w.next, a
	}
	if a.next == nil {
		l.tail = a
	} else {
		a.next.prev = a
	}
	a.granted.Store(false)
	a.at.Store(l)
}

// unqueue takes a out of the queue.
func (l *lock) unqueue(a *locker) {
	if a.prev == nil {
		l.head = a.next
	} else {
		a.prev.next = a.next
	}
	if a.next == nil {
		l.tail = a.prev
	} else {
		a.next.prev = a.prev
	}
	a.prev, a.next = nil, nil
	a.at.Store(nil)
}

// grant serves the queue as far as it can.
func (l *lock) grant() {
	for w := l.head; w != nil && l.compatible(w, w.wants); w = l.head {
		l.unqueue(w)
		l.take(w, w.wants)
		w.granted.Store(true)
		w.wakeUp()
	}
}

// holders visits the transactions that hold the lock in a mode that conflicts with what a,
// which is in the queue, wants.
func (l *lock) holders(a *locker) iter.Seq[*locker] {
	return func(yield func(*locker) bool) {
		if l.owner != nil && l.owner != a && !yield(l.owner) {
			return
		}
		if a.wants == shared {
			return
		}
		for _, r := range l.readers {
			if r != a && !yield(r) {
				return
			}
		}
	}
}

// blockers visits all that a waits for: the holders, and the waiters ahead of it in the
// queue that want the lock in a mode that conflicts.
func (l *lock) blockers(a *locker) iter.Seq[*locker] {
	return func(yield func(*locker) bool) {
		for h := range l.holders(a) {
			if !yield(h) {
				return
			}
		}
		for w := l.head; w != a; w = w.next {
			if (w.wants == exclusive || a.wants == exclusive) && !yield(w) {
				return
			}
		}
	}
}
