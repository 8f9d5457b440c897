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
