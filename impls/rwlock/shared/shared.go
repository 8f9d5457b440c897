// Package shared holds implementations of a record that many goroutines read and some
// change: the data level of the reader–writer lock.
//
// The contract is Shared: a Load sees all words of the record as one Update left them,
// and no Update is lost. Every lock of package rwlock keeps the contract through Guard.
// The others keep it without a lock for readers.
//
// To add an implementation, write its file and add one line to All. A lock belongs to
// package rwlock.
package shared

import (
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/rwlock"
)

// Shared is a record of a fixed number of words.
type Shared interface {
	// Load returns the words as they are at one instant. They are in into, which has room
	// for all of them, or in memory that is not written again. The caller owns into, and
	// must not write to what Load returns.
	Load(into []uint64) []uint64
	// Update gives change the words, to write to in place and alone, until change
	// returns. change must not panic.
	Update(change func(words []uint64))
}

// New makes a record of words that are 0.
type New = func(words int) Shared

// ReadersPass is the promise of a record without a lock for readers. A reader may still
// wait for a writer that stores what its change has left.
var ReadersPass = impls.Promise{Name: "readers-pass", Meaning: "lets a reader load while the change of an update runs"}

// Guard makes a record of every lock in a table: the words, guarded by the lock.
func Guard(table []impls.Impl[rwlock.New]) []impls.Impl[New] {
	var records []impls.Impl[New]
	for _, i := range table {
		create := func(words int) Shared { return &guarded{i.New(), make([]uint64, words)} }
		records = append(records, impls.With(i, create))
	}
	return records
}

// guarded is a record under a lock. A reader copies the words, and holds the lock for no
// longer.
type guarded struct {
	lock  rwlock.RWLocker
	words []uint64
}

// Load copies the words as a reader.
func (g *guarded) Load(into []uint64) []uint64 {
	token := g.lock.RLock()
	n := copy(into, g.words)
	g.lock.RUnlock(token)
	return into[:n]
}

// Update changes the words as a writer.
func (g *guarded) Update(change func([]uint64)) {
	g.lock.Lock()
	change(g.words)
	g.lock.Unlock()
}
