package multiword

import (
	"sync"

	"github.com/contendbench/contend/impls/cpu"
)

// OrderedLocks gives each word a lock. An operation takes the locks of its words in
// ascending order, so operations cannot deadlock.
//
// Source: Havender, Avoiding Deadlock in Multitasking Systems, IBM Systems Journal 7(2),
// 1968 (ordered resources); sync.Mutex.
// Progress: blocking; waiters sleep. Space: a line for each word. Ordering: that of the
// locks.
// Wins: many words, few at once. Loses: an operation takes a lock for each of its words.
//
// NewOrderedLocks makes it; it must not be copied.
type OrderedLocks struct{ words []lockedWord }

type lockedWord struct {
	mu    sync.Mutex
	value uint64
	_     [cpu.Line - 16]byte
}

// NewOrderedLocks makes an array of words.
func NewOrderedLocks(words int) *OrderedLocks { return &OrderedLocks{make([]lockedWord, words)} }

// Load returns a word.
func (m *OrderedLocks) Load(place int) uint64 {
	w := &m.words[place]
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.value
}

// CompareAndSwap makes the swaps at once, or none.
func (m *OrderedLocks) CompareAndSwap(swaps []Swap) bool {
	same := true
	for _, s := range swaps {
		w := &m.words[s.Place]
		w.mu.Lock()
		same = same && w.value == s.Old
	}
	for _, s := range swaps {
		w := &m.words[s.Place]
		if same {
			w.value = s.New
		}
		w.mu.Unlock()
	}
	return same
}
