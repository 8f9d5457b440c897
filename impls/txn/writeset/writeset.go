// Package writeset keeps the changes of a transaction that its store does not have yet.
package writeset

import (
	"cmp"
	"slices"
)

// Write is the new value of a key. A nil Value deletes it.
type Write struct {
	Key   uint64
	Value []byte
}

// Set is the writes of one transaction, each key once. The zero value is empty. It is for
// one goroutine at a time.
type Set struct {
	writes []Write
	places map[uint64]int // nil while there are few
	spare  map[uint64]int // an empty map for later
}

// few is how many writes are searched one by one.
const few = 16

// Put sets the value of a key to a copy of value.
func (s *Set) Put(key uint64, value []byte) {
	s.set(key, append(make([]byte, 0, len(value)), value...))
}

// Delete removes a key.
func (s *Set) Delete(key uint64) { s.set(key, nil) }

func (s *Set) set(key uint64, value []byte) {
	if i := s.find(key); i >= 0 {
		s.writes[i].Value = value
		return
	}
	s.writes = append(s.writes, Write{key, value})
	switch n := len(s.writes); {
	case s.places != nil:
		s.places[key] = n - 1
	case n > few:
		if s.places, s.spare = s.spare, nil; s.places == nil {
			s.places = make(map[uint64]int, 2*n)
		}
		for i, w := range s.writes {
			s.places[w.Key] = i
		}
	}
}

func (s *Set) find(key uint64) int {
	if s.places != nil {
		if i, ok := s.places[key]; ok {
			return i
		}
		return -1
	}
	for i := range s.writes {
		if s.writes[i].Key == key {
			return i
		}
	}
	return -1
}

// Get returns what the set has for key.
func (s *Set) Get(key uint64) (value []byte, ok bool) {
	i := s.find(key)
	if i < 0 {
		return nil, false
	}
	return s.writes[i].Value, true
}

// Len returns how many keys the set changes.
func (s *Set) Len() int { return len(s.writes) }

// Sorted sorts the writes by key and returns them. They belong to the set.
func (s *Set) Sorted() []Write {
	slices.SortFunc(s.writes, func(a, b Write) int { return cmp.Compare(a.Key, b.Key) })
	if s.places != nil {
		for i, w := range s.writes {
			s.places[w.Key] = i
		}
	}
	return s.writes
}

// Between returns the writes from first to last, both included, in order. They belong to
// the set.
func (s *Set) Between(first, last uint64) []Write {
	all := s.Sorted()
	from, _ := slices.BinarySearchFunc(all, first, func(w Write, k uint64) int { return cmp.Compare(w.Key, k) })
	to, found := slices.BinarySearchFunc(all, last, func(w Write, k uint64) int { return cmp.Compare(w.Key, k) })
	if found {
		to++
	}
	return all[from:max(from, to)]
}

// Reset empties the set. It keeps the memory for the next transaction, but no value.
func (s *Set) Reset() {
	clear(s.writes)
	s.writes = s.writes[:0]
	if s.places != nil {
		clear(s.places)
		s.places, s.spare = nil, s.places
	}
}
