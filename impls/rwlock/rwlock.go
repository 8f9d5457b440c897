// Package rwlock holds implementations of the reader–writer lock.
//
// The contract is RWLocker: either one writer is inside, or any number of readers. What a writer wrote happens before
// whatever enters next, and what readers did happens before the next writer enters. A lock may count its readers in
// several places, so RLock returns a Token that RUnlock needs.
//
// Above it stands Shared, a record of some words: a Load sees all of them as one Update left them, and no Update is lost.
// Every lock keeps it by Guard; others keep it without a lock for readers.
//
// What to choose, by sections a second of 8 goroutines in short sections: with reads only, this project's BigReader and
// CountedBRAVO let in 1.8 times as many as sync.RWMutex and 1.7 times as many as xsync.RBMutex; with 99 % reads BigReader 1.3 to 1.4
// times as many as sync and 3.1 to 3.8 times as many as xsync. Where they lose: with 90 % reads BigReader has 0.7 of what sync has, for
// every writer looks at all places, and CountedBRAVO 0.9, which is what a flag beside the lock costs when it does not help.
// With sections of a microsecond all are level there. (Ratios of medians of 15 interleaved rounds, chosen in one run and confirmed in a
// second with another seed; the last sentence of one run of 9. Two processors of an AMD EPYC VM, Go 1.26.)
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
