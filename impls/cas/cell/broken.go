package cell

// The seeded bugs. Each is its twin minus one idea, and the lines that differ are marked.
// Never use them.

// ignored is Pointer that ignores whether its swap succeeded.
type ignored[T comparable] struct{ Pointer[T] }

func (c *ignored[T]) Update(next func(T) T) T {
	box := c.box.Load()
	value := next(*box)
	c.box.CompareAndSwap(box, &value) // bug: Pointer retries
	return value
}

// writesAnyway is Locked whose CompareAndSwap writes before it compares.
type writesAnyway[T comparable] struct{ Locked[T] }

func (c *writesAnyway[T]) CompareAndSwap(old, new T) bool {
	c.lock.Lock()
	defer c.lock.Unlock()
	was := c.value
	c.value = new // bug: Locked writes only if the two are equal
	return was == old
}

// untagged is Indexed whose tag never changes. A slot that was reused passes for
// unchanged.
type untagged struct{ Indexed }

func newUntagged(initial Record) Cell[Record] {
	c := new(untagged)
	c.init(initial, 0) // bug: Indexed increments the tag by 1
	return c
}
