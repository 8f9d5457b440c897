package counter

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// LongAdder starts with one word and doubles its table when two additions collide, up to
// the size of Sharded. Growing copies pointers and not sums, so an addition through the
// old table is not lost.
//
// Source: Lea 2011, java.util.concurrent.atomic.LongAdder and Striped64.
// Progress: lock-free; the goroutine that grows the table takes a lock that no addition
// waits for.
// Space: from one line up to four lines for each processor. Ordering: as Sharded.
// Wins: it is small until it is contended. Loses: every addition first tries a swap that
// can fail.
//
// NewLongAdder makes it.
type LongAdder struct {
	mu       sync.Mutex // held while the table grows
	maxWords int
	table    atomic.Pointer[[]*padded]
}

// NewLongAdder makes a counter.
func NewLongAdder() *LongAdder {
	c := &LongAdder{}
	c.init()
	return c
}

func (c *LongAdder) init() {
	c.maxWords = cpu.Places()
	c.table.Store(&[]*padded{new(padded)})
}

// Add adds delta.
func (c *LongAdder) Add(delta int64) {
	table := *c.table.Load()
	word := &table[cpu.Spread()&uint64(len(table)-1)].sum
	if old := word.Load(); word.CompareAndSwap(old, old+delta) {
		return
	}
	word.Add(delta)
	if len(table) < c.maxWords {
		c.grow(len(table))
	}
}

// grow doubles the table if it still has from words and no other goroutine grows it.
func (c *LongAdder) grow(from int) {
	if !c.mu.TryLock() {
		return
	}
	defer c.mu.Unlock()
	old := *c.table.Load()
	if len(old) != from {
		return
	}
	table := append(make([]*padded, 0, 2*from), old...)
	for range from {
		table = append(table, new(padded))
	}
	c.table.Store(&table)
}

// Load returns the sum of all words.
func (c *LongAdder) Load() int64 {
	sum := int64(0)
	for _, word := range *c.table.Load() {
		sum += word.sum.Load()
	}
	return sum
}

// Reset sets the words to 0, one after the other, and returns their sum.
func (c *LongAdder) Reset() int64 {
	sum := int64(0)
	for _, word := range *c.table.Load() {
		sum += word.sum.Swap(0)
	}
	return sum
}
