package multiword

import "sync"

// Mutex puts all words under one lock.
//
// Source: sync.Mutex.
// Progress: blocking; waiters sleep. Space: the words and the lock. Ordering: that of the
// mutex.
// Wins: few processors, many words at once. Loses: operations on different words wait for
// each other.
//
// NewMutex makes it; it must not be copied.
type Mutex struct {
	mu    sync.Mutex
	words []uint64
}

// NewMutex makes an array of words.
func NewMutex(words int) *Mutex { return &Mutex{words: make([]uint64, words)} }

// Load returns a word.
func (m *Mutex) Load(place int) uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.words[place]
}

// CompareAndSwap makes the swaps at once, or none.
func (m *Mutex) CompareAndSwap(swaps []Swap) bool {
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
