// Package rwlock holds implementations of the reader–writer lock.
//
// The contract is RWLocker: either one writer is inside, or any number of readers. What a
// writer wrote happens before the return of the next Lock or RLock. What readers did
// happens before the return of the next Lock. A lock may count its readers in several
// places, so RLock returns a Token that RUnlock needs.
//
// Package shared holds the same pattern one level up: a record that many read and some
// change.
//
// What to choose: for short sections with hardly any writes, take BigReader or
// CountedBRAVO. Their readers count themselves in separate cache lines, while those of
// sync.RWMutex share one. With some more writes take BigReader. Its readers use their own
// cache lines again as soon as a writer leaves, while CountedBRAVO must first restore its
// bias. With frequent writes take sync.RWMutex. A writer of BigReader looks at every
// stripe, and the bias of CountedBRAVO costs without a gain. With long sections the
// choice matters little, because the sections outweigh the lock.
//
// To add an implementation, write its file and add one line to All.
package rwlock

import "github.com/contendbench/contend/impls"

// A Token says where a reader has counted itself. It belongs to the goroutine that reads,
// and RUnlock uses it up.
type Token any

// RWLocker is a reader–writer lock. It is not reentrant: a reader that calls RLock again
// may wait for a writer that waits for this reader. If readers share the lock and no
// writer waits, one goroutine may hold many tokens, and use them up in any order.
type RWLocker interface {
	Lock()
	Unlock()
	RLock() Token
	RUnlock(Token)
}

// New makes an unlocked lock.
type New = func() RWLocker

// The promises that only reader–writer locks make.
var (
	SharedReaders    = impls.Promise{Name: "shared-readers", Meaning: "lets several readers in together"}
	WriterPreference = impls.Promise{
		Name: "writer-preference", Meaning: "lets no reader pass a waiting writer", Covers: "blocks-readers",
	}
	BlocksReaders = impls.Promise{
		Name: "blocks-readers", Meaning: "lets no reader in while a writer waits for readers to leave",
	}
)
