package rwlock

import "github.com/puzpuzpuz/xsync/v4"

// RBMutex is xsync's, BRAVO with stripes for its readers.
//
// Source: github.com/puzpuzpuz/xsync/v4 v4.5.0, RBMutex; Dice and Kogan 2019.
// Progress: that of sync.RWMutex below it.
// Wins with many readers and rare writers; loses little elsewhere.
type RBMutex struct{ mu *xsync.RBMutex }

// NewRBMutex returns an unlocked lock.
func NewRBMutex() *RBMutex { return &RBMutex{xsync.NewRBMutex()} }

// Lock excludes everybody.
func (l *RBMutex) Lock() { l.mu.Lock() }

// Unlock ends it; misuse ends the process.
func (l *RBMutex) Unlock() { l.mu.Unlock() }

// RLock excludes writers.
func (l *RBMutex) RLock() Token { return l.mu.RLock() }

// RUnlock ends it; misuse ends the process.
func (l *RBMutex) RUnlock(t Token) { l.mu.RUnlock(t.(*xsync.RToken)) }

// None does not lock: it shows what the harness costs.
type None struct{}

// Lock returns at once.
func (None) Lock() {}

// Unlock returns at once.
func (None) Unlock() {}

// RLock returns at once.
func (None) RLock() Token { return nil }

// RUnlock returns at once.
func (None) RUnlock(Token) {}
