package shared

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Seqlock numbers the versions of its words; the number is odd while a writer stores. A
// reader copies the words and retries if the number was odd or has changed. It writes
// nothing, so readers do not disturb each other.
//
// Source: Lameter, Effective Synchronization on Linux/NUMA Systems, Gelato Conference
// 2005; the atomic words from Boehm, Can Seqlocks Get Along with Programming Language
// Memory Models?, MSPC 2012.
// Progress: a reader whose first maxCopies tries failed keeps writers from storing while
// it copies, so it does not starve. It waits for a writer that stores, and not for one
// that is in its change. Writers wait for each other, and for such a reader.
// Space: the words twice; writers change the second copy before they store it.
// Ordering: every word is atomic, so a copy that a writer disturbs is no data race.
// Operations of sync/atomic are sequentially consistent, so a reader that got a word of a
// later version also finds a later number.
// Wins in reads of few words. Loses in large records, whose copies fail when writes are
// frequent. Loses in writes, because an atomic store of a word is an exchange on amd64.
// Make one with NewSeqlock. It must not be copied.
type Seqlock struct {
	mu      sync.Mutex // of writers
	storing sync.Mutex // of a writer that stores, or of a reader that copies at last
	draft   []uint64   // the writers' copy
	_       [cpu.Line]byte
	version atomic.Uint64
	words   []atomic.Uint64
}

// maxCopies is how often a reader tries before it takes a lock.
const maxCopies = 64

// NewSeqlock returns a record of words that are 0.
func NewSeqlock(words int) *Seqlock {
	s := new(Seqlock)
	s.init(words)
	return s
}

func (s *Seqlock) init(words int) {
	s.draft, s.words = make([]uint64, words), make([]atomic.Uint64, words)
}

// Load copies the words, and retries while a writer changes them.
func (s *Seqlock) Load(into []uint64) []uint64 {
	for range maxCopies {
		version := s.version.Load()
		if version%2 == 0 {
			words := s.copy(into)
			if s.version.Load() == version {
				return words
			}
		}
	}
	return s.wait(into)
}

func (s *Seqlock) copy(into []uint64) []uint64 {
	into = into[:len(s.words)]
	for i := range s.words {
		into[i] = s.words[i].Load()
	}
	return into
}

// wait copies the words while no writer stores.
func (s *Seqlock) wait(into []uint64) []uint64 {
	s.storing.Lock()
	defer s.storing.Unlock()
	return s.copy(into)
}

// Update changes the writers' copy and stores the words that differ.
func (s *Seqlock) Update(change func([]uint64)) {
	s.mu.Lock()
	change(s.draft)
	s.storing.Lock()
	s.version.Add(1)
	for i, w := range s.draft {
		if s.words[i].Load() != w {
			s.words[i].Store(w)
		}
	}
	s.version.Add(1)
	s.storing.Unlock()
	s.mu.Unlock()
}
