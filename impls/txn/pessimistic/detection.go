package pessimistic

import (
	"iter"
	"slices"
	"sync"

	"github.com/contendbench/contend/impls/txn"
)

// DeadlockDetection lets transactions wait for each other until a cycle closes.
//
// Idea: a transaction that is about to wait follows the waits of those that it waits for:
// the holders of the lock, and the waiters ahead of it. If that leads back to itself, the
// youngest transaction of the cycle is rolled back, and starts again with its old age. The
// graph is not kept: it is read from the queues, one lock at a time. A cycle that ends
// during the search may thus cost a victim without need.
// Source: Gray 1978, §5.7, lock management.
// Progress: the oldest transaction is never a victim, and queues are served first come
// first but for upgrades, so each is served after finitely many others.
// Space: that of TwoPhase.
// Wins: where transactions conflict but lock in about the same order: only a deadlock costs
// an attempt.
// Loses: many waiters, whose graph each new wait searches, one at a time; and upgrades, of
// which two of the same lock are always a deadlock.
type DeadlockDetection struct {
	common
	mu sync.Mutex // held by a search
}

func (d *DeadlockDetection) waits(a *locker) { d.resolve(a, (*lock).blockers) }

// edges returns those that one waits for at a lock.
type edges func(l *lock, a *locker) iter.Seq[*locker]

// resolve ends transactions until a is in no cycle. Of those that close a cycle together,
// the last one finds it, because all are in their queues when they search.
func (d *DeadlockDetection) resolve(a *locker, blockers edges) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for {
		seen := map[*locker]bool{}
		victim, ok := youngest(a, a, seen, blockers)
		if !ok {
			return
		}
		victim.end()
		if victim.locker == a {
			return
		}
	}
}

// suspect is a transaction that was seen to wait.
type suspect struct {
	*locker
	birth uint64
	at    *lock
}

// end ends the transaction if it still waits there.
func (v suspect) end() {
	v.at.latch.Lock()
	defer v.at.latch.Unlock()
	if v.locker.at.Load() == v.at {
		v.locker.end(txn.Deadlock)
	}
}

// youngest returns the youngest transaction on a path of waits from a to goal.
func youngest(a, goal *locker, seen map[*locker]bool, blockers edges) (v suspect, ok bool) {
	at := a.at.Load()
	if at == nil || a.doom.Load() != nil {
		return suspect{}, false
	}
	var next []*locker
	at.latch.Lock()
	if a.at.Load() == at {
		next = slices.Collect(blockers(at, a))
		v = suspect{a, a.birth, at}
	}
	at.latch.Unlock()
	for _, b := range next {
		if b == goal {
			return v, true
		}
		if seen[b] {
			continue
		}
		seen[b] = true
		if w, ok := youngest(b, goal, seen, blockers); ok {
			if w.birth < v.birth {
				w = v
			}
			return w, true
		}
	}
	return suspect{}, false
}
