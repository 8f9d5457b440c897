package stack

import "github.com/contendbench/contend/impls/cpu"

// The seeded bugs. Each is its twin minus one idea, and the lines that differ are marked.
// They are not for use.

// untagged is Tagged with constant tags, so that a slot that came back looks unchanged.
type untagged[T any] struct{ Tagged[T] }

func newUntagged[T any](room int) *untagged[T] {
	s := &untagged[T]{}
	s.init(room, 0) // bug: tags of Tagged grow by 1
	return s
}

// freedEarly is Tagged that reads a slot after its release, when a push may have filled
// it again.
type freedEarly[T any] struct{ Tagged[T] }

func (s *freedEarly[T]) Pop() (value T, ok bool) {
	index, _ := s.take(&s.top)
	if index == 0 {
		return value, false
	}
	s.release(index) // bug: Tagged does this last
	value, s.slots[index].value = s.slots[index].value, value
	return value, true
}

// hoisted is Treiber that reads the node below only once. A retry loses what was pushed
// since.
type hoisted[T any] struct{ Treiber[T] }

func (s *hoisted[T]) Push(value T) bool {
	n := &node[T]{value: value, below: s.top.Load()} // bug: Treiber does this in every turn
	for !s.top.CompareAndSwap(s.top.Load(), n) {
	}
	return true
}

// givesTwice is Elimination that pushes a node after a pop has taken it from its slot.
type givesTwice[T any] struct{ Elimination[T] }

func (s *givesTwice[T]) Push(value T) bool {
	var b cpu.Backoff
	n := &node[T]{value: value}
	for !s.try(n) {
		s.give(n, &b) // bug: Elimination returns if it was taken
	}
	return true
}

// keeps is Locked that leaves what it popped in its slice.
type keeps[T any] struct{ Locked[T] }

func (s *keeps[T]) Pop() (value T, ok bool) {
	s.lock.Lock()
	defer s.lock.Unlock()
	last := len(s.values) - 1
	if last < 0 {
		return value, false
	}
	value = s.values[last] // bug: Locked clears the place
	s.values = s.values[:last]
	return value, true
}

// links15 is Tagged whose links have 15 bits. Above 32767 values, they lead to other
// slots.
type links15[T any] struct{ Tagged[T] }

func (s *links15[T]) Push(value T) bool {
	index := s.acquire()
	if index == 0 {
		return false
	}
	s.slots[index].value = value
	for {
		word := s.top.word.Load()
		s.slots[index].below.Store(word & (1<<15 - 1)) // bug: links of Tagged have 24 bits
		if s.top.word.CompareAndSwap(word, word&^indexMask|index) {
			return true
		}
	}
}

// capped is Tagged with room for 4096 values at most.
type capped[T any] struct{ Tagged[T] }

func newCapped[T any](room int) *capped[T] {
	s := &capped[T]{}
	s.init(min(room, 4096), 1) // bug: Tagged has the room that was asked for
	return s
}

// depth16 is Locked that keeps its depth in 16 bits. The value above 65535 others goes to
// the bottom.
type depth16[T any] struct {
	Locked[T]
	depth uint16 // …
}

func (s *depth16[T]) Push(value T) bool {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.values = append(s.values[:s.depth], value) // bug: Locked uses the length of its slice …
	s.depth++                                    // …
	return true
}

func (s *depth16[T]) Pop() (value T, ok bool) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.depth == 0 { // …
		return value, false
	}
	s.depth-- // …
	value, s.values[s.depth] = s.values[s.depth], value
	return value, true
}

// needsNew is Backoff that works only if a constructor has made it.
type needsNew[T any] struct {
	Backoff[T]
	made bool // …
}

func (s *needsNew[T]) Push(value T) bool {
	return s.made && s.Backoff.Push(value) // bug: Backoff needs no constructor
}

// nilIsNone is Treiber that takes a nil interface for an empty stack.
type nilIsNone[T any] struct{ Treiber[T] }

func (s *nilIsNone[T]) Pop() (value T, ok bool) {
	value, ok = s.Treiber.Pop()
	return value, ok && any(value) != nil // bug: Treiber returns what the node holds
}
