package shared

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// CopyOnWrite has a writer change a copy and then publish it in place of the words.
// Published words are never written again, so a reader uses them without a copy.
//
// Source: McKenney and Slingwine, Read-Copy Update: Using Execution History to Solve
// Concurrency Problems, PDCS 1998, with the garbage collector in place of grace periods.
// Progress: a reader is wait-free, and may keep what it read. Writers wait for each other
// only.
// Space: the words, and every copy that a reader still has.
// Ordering: the store of the pointer synchronizes before the load that sees it.
// Wins in reads, which are one load at any size. Loses in writes, which allocate and copy
// all words.
// Make one with NewCopyOnWrite. It must not be copied.
type CopyOnWrite struct {
	mu    sync.Mutex // of writers
	_     [cpu.Line - 8]byte
	words atomic.Pointer[[]uint64]
}

// NewCopyOnWrite returns a record of words that are 0.
func NewCopyOnWrite(words int) *CopyOnWrite {
	s := new(CopyOnWrite)
	s.init(words)
	return s
}

func (s *CopyOnWrite) init(words int) { s.words.Store(new(make([]uint64, words))) }

// Load returns the words without copying them.
func (s *CopyOnWrite) Load([]uint64) []uint64 { return *s.words.Load() }

// Update changes a copy and publishes it.
func (s *CopyOnWrite) Update(change func([]uint64)) {
	s.mu.Lock()
	words := slices.Clone(*s.words.Load())
	change(words)
	s.words.Store(&words)
	s.mu.Unlock()
}
