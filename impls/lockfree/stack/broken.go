package stack

// The seeded bugs. Each is its twin minus one idea; the lines that differ are marked. None of them may be used.

// newUntagged makes a Tagged whose tags stay: a slot that came back passes for unchanged.
func newUntagged[T any](room int) *Tagged[T] {
	s := &Tagged[T]{}
	s.init(room, 0) // bug: Tagged counts by 1
	return s
}

// freedEarly is Tagged that reads a slot after it has given it back: a push may have filled it again.
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

// hoisted is Treiber that keeps the node it found on top at first below its own: what was pushed meanwhile is lost.
type hoisted[T any] struct{ Treiber[T] }

func (s *hoisted[T]) Push(value T) bool {
	n := &node[T]{value: value, below: s.top.Load()} // bug: Treiber does this in every turn
	for !s.top.CompareAndSwap(s.top.Load(), n) {
	}
	return true
}

// givesTwice is Elimination that pushes a node which a pop has taken from its slot.
type givesTwice[T any] struct{ Elimination[T] }

func (s *givesTwice[T]) Push(value T) bool {
	var b backoff
	n := &node[T]{value: value}
	for !s.try(n) {
		s.give(n, &b) // bug: Elimination is done when it was taken
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
