package cas

import (
	"slices"
	"sync"
	"sync/atomic"
)

// MutexWords are words under one lock.
//
// Source: sync.Mutex.
// Progress: blocking, parked. Space: the words and the lock. Ordering: that of the mutex.
// Wins: few processors, many words at once. Loses: operations on different words wait for each other.
//
// NewMutexWords makes it; it must not be copied.
type MutexWords struct {
	mu    sync.Mutex
	words []uint64
}

// NewMutexWords makes a row of words.
func NewMutexWords(words int) *MutexWords { return &MutexWords{words: make([]uint64, words)} }

// Load returns a word.
func (m *MutexWords) Load(place int) uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.words[place]
}

// CompareAndSwap makes the swaps at once, or none.
func (m *MutexWords) CompareAndSwap(swaps []Swap) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range swaps {
		if m.words[s.Place] != s.Old {
			return false
		}
	}
	for _, s := range swaps {
		m.words[s.Place] = s.New
	}
	return true
}

// OrderedLocks are words with a lock each; an operation takes those of its words in ascending order, so that no two wait for each
// other.
//
// Source: Havender, Avoiding Deadlock in Multitasking Systems, IBM Systems Journal 7(2), 1968 (ordered resources); sync.Mutex.
// Progress: blocking, parked. Space: a line a word. Ordering: that of the locks.
// Wins: many words, few at once. Loses: a lock for each word of an operation.
//
// NewOrderedLocks makes it; it must not be copied.
type OrderedLocks struct{ words []lockedWord }

type lockedWord struct {
	mu    sync.Mutex
	value uint64
	_     [cacheLine - 16]byte
}

// NewOrderedLocks makes a row of words.
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

// PointerWords is one pointer to words that are never changed; an operation swaps in a copy with its changes.
//
// Source: Herlihy 1990, §3 (small objects); sync/atomic.Pointer.
// Progress: lock-free. Space: the words, once for each try. Ordering: sequentially consistent.
// Wins: few words, and readers. Loses: copies all words for two, and in vain when any other has changed.
//
// NewPointerWords makes it; it must not be copied.
type PointerWords struct{ words atomic.Pointer[[]uint64] }

// NewPointerWords makes a row of words.
func NewPointerWords(words int) *PointerWords {
	m := new(PointerWords)
	m.words.Store(new(make([]uint64, words)))
	return m
}

// Load returns a word.
func (m *PointerWords) Load(place int) uint64 { return (*m.words.Load())[place] }

// CompareAndSwap makes the swaps at once, or none.
func (m *PointerWords) CompareAndSwap(swaps []Swap) bool {
	for {
		old := m.words.Load()
		for _, s := range swaps {
			if (*old)[s.Place] != s.Old {
				return false
			}
		}
		words := slices.Clone(*old)
		for _, s := range swaps {
			words[s.Place] = s.New
		}
		if m.words.CompareAndSwap(old, &words) {
			return true
		}
	}
}
