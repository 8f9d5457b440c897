package rwlock

import "sync"

// Sync is the standard library's sync.RWMutex.
//
// Source: sync.RWMutex, after Courtois, Heymans and Parnas 1971, with a batch of readers
// after every writer.
// Progress: a writer that waits for readers holds later readers back. After the writer
// they enter together, before the next writer, so neither starves.
// Space: 24 bytes.
// Ordering: an Unlock synchronizes before the next Lock and the RLocks after it, an
// RUnlock before the next Lock.
// Wins when sections are long or goroutines many, because waiters sleep. Loses when
// readers are short, because all of them count themselves in one word.
// The zero value is unlocked. A Sync must not be copied after first use.
type Sync struct{ mu sync.RWMutex }

// Lock excludes readers and writers.
func (l *Sync) Lock() { l.mu.Lock() }

// Unlock frees the lock. Misuse ends the process.
func (l *Sync) Unlock() { l.mu.Unlock() }

// RLock excludes writers.
func (l *Sync) RLock() Token {
	l.mu.RLock()
	return nil
}

// RUnlock leaves. Misuse ends the process.
func (l *Sync) RUnlock(Token) { l.mu.RUnlock() }

// Mutex makes readers exclude each other, too. It is what a reader–writer lock must beat.
//
// Source: sync.Mutex.
// Progress, space and ordering: those of sync.Mutex.
// Wins when sections last a few nanoseconds, because to count readers takes longer. Loses
// when sections are long, because readers wait for each other.
// It does not notice a reader that leaves as a writer, or a writer as a reader.
// The zero value is unlocked. A Mutex must not be copied after first use.
type Mutex struct{ mu sync.Mutex }

// Lock excludes readers and writers.
func (l *Mutex) Lock() { l.mu.Lock() }

// Unlock frees the lock. If the lock is free, it ends the process.
func (l *Mutex) Unlock() { l.mu.Unlock() }

// RLock excludes readers and writers.
func (l *Mutex) RLock() Token {
	l.mu.Lock()
	return nil
}

// RUnlock frees the lock. If the lock is free, it ends the process.
func (l *Mutex) RUnlock(Token) { l.mu.Unlock() }
