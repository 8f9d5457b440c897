package rwlock

import (
	"sync"
	"sync/atomic"
)

// Seqlock numbers the versions of its words. A reader copies them and looks whether the number stayed the same; it writes
// nothing, so readers do not disturb each other. The number is odd while a writer stores.
//
// Source: Lameter, Effective Synchronization on Linux/NUMA Systems, Gelato Conference 2005; the atomic words from Boehm,
// Can Seqlocks Get Along with Programming Language Memory Models?, MSPC 2012.
// Progress: a reader that copied in vain patience times stands in the writers' line, so nobody starves. Writers wait for each
// other only.
// Space: the words twice; the second copy is what writers change before they store it.
// Ordering: every word is an atomic, so a copy that a writer disturbs is no data race; sync/atomic is sequentially consistent, so
// a reader that got a word of a later version finds a later number.
// Wins in reads of few words; loses in large records, whose copies fail when writes are usual, and in writes: an atomic store of
// a word is an exchange on amd64.
// Make one with NewSeqlock. It must not be copied.
type Seqlock struct {
	mu      sync.Mutex // of writers
	draft   []uint64   // the writers' copy
	_       [cacheLine - 32]byte
	version atomic.Uint64
	words   []atomic.Uint64
}

// patience is how often a reader copies before it waits.
const patience = 64

// NewSeqlock returns a record of so many words.
func NewSeqlock(words int) *Seqlock {
	s := new(Seqlock)
	s.init(words)
	return s
}

func (s *Seqlock) init(words int) {
	s.draft, s.words = make([]uint64, words), make([]atomic.Uint64, words)
}

// Load copies the words until no writer came between.
func (s *Seqlock) Load(into []uint64) []uint64 {
	for range patience {
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

// wait copies the words as writers see them.
func (s *Seqlock) wait(into []uint64) []uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return into[:copy(into, s.draft)]
}

// Update changes the writers' copy and stores the words that are new.
func (s *Seqlock) Update(change func([]uint64)) {
	s.mu.Lock()
	change(s.draft)
	s.version.Add(1)
	for i, w := range s.draft {
		if s.words[i].Load() != w {
			s.words[i].Store(w)
		}
	}
	s.version.Add(1)
	s.mu.Unlock()
}
