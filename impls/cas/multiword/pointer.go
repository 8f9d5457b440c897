package multiword

import (
	"slices"
	"sync/atomic"
)

// Pointer points to words that never change. An operation swaps in a copy with its
// changes.
//
// Source: Herlihy 1990, §3 (small objects); sync/atomic.Pointer.
// Progress: lock-free. Space: the words, once for each try. Ordering: sequentially
// consistent.
// Wins: few words, and readers. Loses: an operation copies all words, and fails its try
// when any other word has changed.
//
// NewPointer makes it; it must not be copied.
type Pointer struct{ words atomic.Pointer[[]uint64] }

// NewPointer makes an array of words.
func NewPointer(words int) *Pointer {
	m := new(Pointer)
	m.init(words)
	return m
}

func (m *Pointer) init(words int) { m.words.Store(new(make([]uint64, words))) }

// Load returns a word.
func (m *Pointer) Load(place int) uint64 { return (*m.words.Load())[place] }

// CompareAndSwap makes the swaps at once, or none.
func (m *Pointer) CompareAndSwap(swaps []Swap) bool {
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
