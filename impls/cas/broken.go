package cas

import "github.com/contendbench/contend/impls"

// The seeded bugs. Each is its twin minus one idea; the lines that differ are marked. None of them may be used.

// loadStore is Loop that stores: what others added since its load is gone.
type loadStore struct{ Loop }

func (c *loadStore) Add(delta int64) { c.sum.Store(c.sum.Load() + delta) } // bug: Loop swaps, and tries again

// hoisted is Loop that adds to what it read before the loop.
type hoisted struct{ Loop }

func (c *hoisted) Add(delta int64) {
	sum := c.sum.Load() + delta // bug: Loop does this in every turn
	for !c.sum.CompareAndSwap(c.sum.Load(), sum) {
	}
}

// resetStore is FetchAndAdd whose Reset loads, and then stores: what is added between is gone.
type resetStore struct{ FetchAndAdd }

func (c *resetStore) Reset() int64 {
	sum := c.sum.Load()
	c.sum.Store(0) // bug: FetchAndAdd swaps
	return sum
}

// copiedSums is LongAdder whose larger table has new words with the old sums: what is added to an old word meanwhile is gone.
type copiedSums struct{ LongAdder }

func (c *copiedSums) Add(delta int64) {
	table := *c.table.Load()
	word := &table[impls.Spread()&uint64(len(table)-1)].sum
	if old := word.Load(); word.CompareAndSwap(old, old+delta) {
		return
	}
	word.Add(delta)
	if len(table) < c.most {
		c.grow(len(table))
	}
}

func (c *copiedSums) grow(from int) {
	if !c.mu.TryLock() {
		return
	}
	defer c.mu.Unlock()
	old := *c.table.Load()
	if len(old) != from {
		return
	}
	table := make([]*padded, 2*from)
	for i := range table {
		table[i] = new(padded)
		if i < from {
			table[i].sum.Store(old[i].sum.Load()) // bug: LongAdder keeps the word itself
		}
	}
	c.table.Store(&table)
}

// ignored is Pointer that does not look whether its swap succeeded.
type ignored[T comparable] struct{ Pointer[T] }

func (c *ignored[T]) Update(next func(T) T) T {
	box := c.box.Load()
	value := next(*box)
	c.box.CompareAndSwap(box, &value) // bug: Pointer tries again
	return value
}

// writesAnyway is Locked whose CompareAndSwap writes before it compares.
type writesAnyway[T comparable] struct{ Locked[T] }

func (c *writesAnyway[T]) CompareAndSwap(old, new T) bool {
	c.lock.Lock()
	defer c.lock.Unlock()
	was := c.value
	c.value = new // bug: Locked writes if the two are equal
	return was == old
}

// newUntagged makes an Indexed whose tag stays: a slot that came back passes for unchanged.
func newUntagged(initial Record) Cell[Record] {
	c := &Indexed{}
	c.init(initial, 0) // bug: Indexed counts by 1
	return c
}

// ownVerdict is MCAS that settles by its own claims: when a helper was faster, it finds new values and takes the operation for failed.
type ownVerdict struct{ MCAS }

func (m *ownVerdict) CompareAndSwap(swaps []Swap) bool {
	o := m.begin(swaps)
	status := o.claim()
	o.status.CompareAndSwap(undecided, status)
	return o.settle(status) // bug: MCAS asks the operation's status
}
