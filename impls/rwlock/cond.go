package rwlock

import "sync"

// ReaderPreferring lets a reader in whenever no writer is inside.
//
// Source: Courtois, Heymans and Parnas, Concurrent Control with "Readers" and "Writers",
// Communications of the ACM 14(10), 1971, problem 1, as a monitor.
// Progress: writers starve while readers overlap.
// Space: a sync.Mutex, a sync.Cond and a number.
// Ordering: every access is under the Mutex.
// Wins where writers may wait forever. Loses elsewhere, because each section takes the
// monitor twice.
// Make one with NewReaderPreferring. It must not be copied.
type ReaderPreferring struct {
	mu      sync.Mutex
	changed sync.Cond
	readers int // inside; -1: a writer is inside
}

// NewReaderPreferring returns an unlocked lock.
func NewReaderPreferring() *ReaderPreferring {
	l := new(ReaderPreferring)
	l.changed.L = &l.mu
	return l
}

// Lock waits until neither readers nor a writer are inside.
func (l *ReaderPreferring) Lock() {
	l.mu.Lock()
	for l.readers != 0 {
		l.changed.Wait()
	}
	l.readers = -1
	l.mu.Unlock()
}

// Unlock wakes all waiters. It panics if no writer is inside.
func (l *ReaderPreferring) Unlock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.readers != -1 {
		panic("rwlock: Unlock of a ReaderPreferring without a writer")
	}
	l.readers = 0
	l.changed.Broadcast()
}

// RLock waits until no writer is inside.
func (l *ReaderPreferring) RLock() Token {
	l.mu.Lock()
	for l.readers < 0 {
		l.changed.Wait()
	}
	l.readers++
	l.mu.Unlock()
	return nil
}

// RUnlock wakes all waiters if it was the last reader. It panics if no reader is inside.
func (l *ReaderPreferring) RUnlock(Token) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.readers <= 0 {
		panic("rwlock: RUnlock of a ReaderPreferring without a reader")
	}
	l.readers--
	if l.readers == 0 {
		l.changed.Broadcast()
	}
}

// WriterPreferring keeps readers out while a writer waits.
//
// Source: Courtois, Heymans and Parnas 1971, problem 2, as a monitor.
// Progress: readers starve while writers overlap.
// Space: that of ReaderPreferring, and a number.
// Ordering: every access is under the Mutex.
// Wins where readers must see a change soon. Loses elsewhere, because each section takes
// the monitor twice.
// Make one with NewWriterPreferring. It must not be copied.
type WriterPreferring struct {
	ReaderPreferring
	writers int // waiting
}

// NewWriterPreferring returns an unlocked lock.
func NewWriterPreferring() *WriterPreferring {
	l := new(WriterPreferring)
	l.changed.L = &l.mu
	return l
}

// Lock keeps later readers out and waits until neither readers nor a writer are inside.
func (l *WriterPreferring) Lock() {
	l.mu.Lock()
	l.writers++
	for l.readers != 0 {
		l.changed.Wait()
	}
	l.writers--
	l.readers = -1
	l.mu.Unlock()
}

// RLock waits until no writer is inside or waits.
func (l *WriterPreferring) RLock() Token {
	l.mu.Lock()
	for l.readers < 0 || l.writers > 0 {
		l.changed.Wait()
	}
	l.readers++
	l.mu.Unlock()
	return nil
}
