package rwlock

import "sync"

// Sync is the standard library's.
//
// Source: sync.RWMutex, after Courtois, Heymans and Parnas 1971 with a batch of readers after every writer.
// Progress: a waiting writer holds later readers back, and lets those in who came meanwhile; nobody starves.
// Space: 24 bytes.
// Wins when sections are long or goroutines many; loses when readers are short: all count themselves in one word.
// The zero value is unlocked. A Sync must not be copied after first use.
type Sync struct{ mu sync.RWMutex }

// Lock excludes everybody.
func (l *Sync) Lock() { l.mu.Lock() }

// Unlock ends it; misuse ends the process.
func (l *Sync) Unlock() { l.mu.Unlock() }

// RLock excludes writers.
func (l *Sync) RLock() Token {
	l.mu.RLock()
	return nil
}

// RUnlock ends it; misuse ends the process.
func (l *Sync) RUnlock(Token) { l.mu.RUnlock() }

// Mutex lets readers exclude each other too: what a reader–writer lock must beat.
//
// Source: sync.Mutex.
// Wins when sections are a few nanoseconds: counting readers costs more than to wait for them. Loses when they are long.
// The zero value is unlocked. A Mutex must not be copied after first use.
type Mutex struct{ mu sync.Mutex }

// Lock excludes everybody.
func (l *Mutex) Lock() { l.mu.Lock() }

// Unlock ends it; misuse ends the process.
func (l *Mutex) Unlock() { l.mu.Unlock() }

// RLock excludes everybody.
func (l *Mutex) RLock() Token {
	l.mu.Lock()
	return nil
}

// RUnlock ends it; misuse ends the process.
func (l *Mutex) RUnlock(Token) { l.mu.Unlock() }
