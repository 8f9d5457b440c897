package mutex

import "sync"

// Cond is a flag under a sync.Mutex, with a sync.Cond to wait for it: the textbook's
// monitor.
//
// Source: Hoare, Monitors: An Operating System Structuring Concept, CACM 17(10), 1974,
// §2, with Mesa's signals.
// Progress: barging; sleepers wake in order, but a later arrival may take the flag first.
// Space: 80 bytes.
// Ordering: every access is under the inner Mutex.
// Wins nowhere in time; it shows what a second layer costs.
// Make one with NewCond. A Cond must not be copied.
type Cond struct {
	mu   sync.Mutex
	free sync.Cond
	held bool
}

// NewCond returns an unlocked lock.
func NewCond() *Cond {
	l := new(Cond)
	l.free.L = &l.mu
	return l
}

// Lock waits until the flag is down and raises it.
func (l *Cond) Lock() {
	l.mu.Lock()
	for l.held {
		l.free.Wait()
	}
	l.held = true
	l.mu.Unlock()
}

// TryLock takes the lock if it is free.
func (l *Cond) TryLock() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held {
		return false
	}
	l.held = true
	return true
}

// Unlock frees the lock. It panics if the lock is not held.
func (l *Cond) Unlock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.held {
		panic("mutex: unlock of an unlocked Cond")
	}
	l.held = false
	l.free.Signal()
}
