package rwlock

import "github.com/puzpuzpuz/xsync/v4"

// RBMutex is the RBMutex of xsync: BRAVO with striped places for its readers.
//
// Source: github.com/puzpuzpuz/xsync/v4 v4.5.0, RBMutex; Dice and Kogan 2019.
// Progress: that of the sync.RWMutex below it.
// Space: a sync.RWMutex, and a cache line for each place.
// Ordering: that of BRAVO.
// Wins with many readers and rare writers, because readers use separate cache lines.
// Loses with frequent writers, because each ends the bias and waits for every place.
// Make one with NewRBMutex. It may be copied: copies are the same lock.
type RBMutex struct{ mu *xsync.RBMutex }

// NewRBMutex returns an unlocked lock.
func NewRBMutex() *RBMutex { return &RBMutex{xsync.NewRBMutex()} }

// Lock excludes readers and writers.
func (l *RBMutex) Lock() { l.mu.Lock() }

// Unlock frees the lock. Misuse ends the process.
func (l *RBMutex) Unlock() { l.mu.Unlock() }

// RLock excludes writers.
func (l *RBMutex) RLock() Token { return l.mu.RLock() }

// RUnlock leaves. Misuse ends the process.
func (l *RBMutex) RUnlock(t Token) { l.mu.RUnlock(t.(*xsync.RToken)) }
