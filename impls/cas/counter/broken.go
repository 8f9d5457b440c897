package counter

import (
	"math"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// The seeded bugs. Each is its twin minus one idea, and the lines that differ are marked.
// Never use them.

// loadStore is CASLoop that stores. Additions by others since its load are lost.
type loadStore struct{ CASLoop }

func (c *loadStore) Add(delta int64) { c.sum.Store(c.sum.Load() + delta) } // bug: CASLoop swaps, and retries

// hoisted is CASLoop that adds to what it read before the loop.
type hoisted struct{ CASLoop }

func (c *hoisted) Add(delta int64) {
	sum := c.sum.Load() + delta // bug: CASLoop does this in every iteration
	for !c.sum.CompareAndSwap(c.sum.Load(), sum) {
	}
}

// resetStore is FetchAndAdd whose Reset loads and then stores. Additions in between are
// lost.
type resetStore struct{ FetchAndAdd }

func (c *resetStore) Reset() int64 {
	sum := c.sum.Load()
	c.sum.Store(0) // bug: FetchAndAdd swaps
	return sum
}

// copiedSums is LongAdder whose larger table has new words that start with the old sums.
// An addition to an old word is lost if it comes after the copy.
type copiedSums struct{ LongAdder }

func (c *copiedSums) Add(delta int64) {
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

// sum32Bit is FetchAndAdd whose sum has 32 bits.
type sum32Bit struct {
	FetchAndAdd
	low atomic.Uint32 // bug: FetchAndAdd has 64 bits
}

func (c *sum32Bit) Add(delta int64) { c.low.Add(uint32(delta)) } // …

func (c *sum32Bit) Load() int64 { return int64(c.low.Load()) } // …

func (c *sum32Bit) Reset() int64 { return int64(c.low.Swap(0)) } // …

// resetInTwo is Mutex whose Reset reads in one section and subtracts in another. It loses
// no addition, but two resets return the same sum.
type resetInTwo struct{ Mutex }

func (c *resetInTwo) Reset() int64 {
	sum := c.Load()
	c.Add(-sum) // bug: Mutex reads and clears in one section
	return sum
}

// fromOne is CASLoop that works only with the number that a constructor sets.
type fromOne struct {
	CASLoop
	unit int64 // …
}

func newFromOne() Counter { return &fromOne{unit: 1} }

func (c *fromOne) Add(delta int64) { c.CASLoop.Add(delta * c.unit) } // bug: in the zero value, unit is 0

// sumFloat is CASLoop whose sum is a float64, as in monitoring clients. It rounds sums
// above 2^53.
type sumFloat struct{ bits atomic.Uint64 }

func (c *sumFloat) Add(delta int64) {
	for {
		old := c.bits.Load()
		sum := math.Float64frombits(old) + float64(delta) // bug: CASLoop adds integers
		if c.bits.CompareAndSwap(old, math.Float64bits(sum)) {
			return
		}
	}
}

func (c *sumFloat) Load() int64 { return int64(math.Float64frombits(c.bits.Load())) } // …

func (c *sumFloat) Reset() int64 { return int64(math.Float64frombits(c.bits.Swap(0))) } // …
