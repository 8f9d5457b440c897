package rwlock

import (
	"slices"
	"sync"
	"sync/atomic"
)

// CopyOnWrite lets a writer change a copy and then put it in the place of the words, which are never written again; a reader
// takes them as they are.
//
// Source: McKenney and Slingwine, Read-Copy Update: Using Execution History to Solve Concurrency Problems, PDCS 1998, with the
// garbage collector in place of grace periods.
// Progress: a reader is wait-free, and keeps what it read as long as it likes; writers wait for each other only.
// Space: the words, and all copies that a reader still has.
// Ordering: the store of the pointer synchronizes before the load that sees it.
// Wins in reads, which are one load at any size; loses in writes, which allocate and copy everything.
// Make one with NewCopyOnWrite. It must not be copied.
type CopyOnWrite struct {
	mu    sync.Mutex // of writers
	_     [cacheLine - 8]byte
	words atomic.Pointer[[]uint64]
}

// NewCopyOnWrite returns a record of so many words.
func NewCopyOnWrite(words int) *CopyOnWrite {
	s := new(CopyOnWrite)
	s.init(words)
	return s
}

func (s *CopyOnWrite) init(words int) { s.words.Store(new(make([]uint64, words))) }

// Load returns the words without copying them.
func (s *CopyOnWrite) Load([]uint64) []uint64 { return *s.words.Load() }

// Update changes a copy and makes it the record.
func (s *CopyOnWrite) Update(change func([]uint64)) {
	s.mu.Lock()
	words := slices.Clone(*s.words.Load())
	change(words)
	s.words.Store(&words)
	s.mu.Unlock()
}
