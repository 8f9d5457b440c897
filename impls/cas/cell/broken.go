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

// keepsLock is Locked whose Update does not unlock if its function panics.
type keepsLock[T comparable] struct{ Locked[T] }

func (c *keepsLock[T]) Update(next func(T) T) T {
	c.lock.Lock()
	value := next(c.value)
	c.value = value
	c.lock.Unlock() // bug: Locked defers this
	return value
}

// givesUp is Pointer whose Update tries 500 times at most, and then returns what it has
// not stored.
type givesUp[T comparable] struct{ Pointer[T] }

func (c *givesUp[T]) Update(next func(T) T) (value T) {
	for range 500 { // bug: Pointer tries until it succeeds
		box := c.box.Load()
		value = next(*box)
		if c.box.CompareAndSwap(box, &value) {
			return value
		}
	}
	return value // …
}

// firstWord is Indexed that compares the first word of its records only.
type firstWord struct{ Indexed }

func newFirstWord(initial Record) Cell[Record] {
	c := new(firstWord)
	c.init(initial, 1)
	return c
}

func (c *firstWord) CompareAndSwap(old, new Record) bool {
	for {
		record, word := c.look()
		if record[0] != old[0] { // bug: Indexed compares all words
			return false
		}
		if c.replace(word, new) {
			return true
		}
	}
}
