// Package rwlock holds implementations of the reader–writer lock.
//
// The contract is RWLocker: either one writer is inside, or any number of readers. What a writer wrote happens before
// whatever enters next, and what readers did happens before the next writer enters. A lock may count its readers in
// several places, so RLock returns a Token that RUnlock needs.
//
// Above it stands Shared, a record of some words: a Load sees all of them as one Update left them, and no Update is lost.
// Every lock keeps it by Guard; others keep it without a lock for readers.
//
// To add an implementation, write its file and add one line to All or AllShared.
package rwlock

import "runtime"

// A Token says where a reader has counted itself. It belongs to the goroutine that reads, and RUnlock uses it up.
type Token any

// RWLocker is a reader–writer lock. It is not reentrant: a reader that reads again may wait for a writer that waits
// for it.
type RWLocker interface {
	Lock()
	Unlock()
	RLock() Token
	RUnlock(Token)
}

// New makes an unlocked lock.
type New = func() RWLocker

// cacheLine is the distance in bytes that keeps two words from sharing a line, with the neighbour line that the
// prefetcher brings along.
const cacheLine = 128

// until waits for a condition: it looks again at once, and gives its processor away every yieldEvery turns, since the one
// who could make it true may need it.
func until(holds func() bool) {
	for turn := 1; !holds(); turn++ {
		if turn%yieldEvery == 0 {
			runtime.Gosched()
		}
	}
}

const yieldEvery = 64
