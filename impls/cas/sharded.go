package cas

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls"
)

// Sharded is a sum in several words, each in a line of its own; a goroutine, which cannot know its processor,
// chooses one by where its stack lies. To draw one for each addition would cost more than the addition, and find the word's line
// with another processor half of the time.
//
// Source: Fich, Luchangco, Moir and Shavit 2005, §1 (statistics counters); McKenney, Is Parallel Programming Hard, ch. 5.
// Progress: wait-free. Space: four lines a processor. Ordering: a Load is no instant; it sees each word at another time.
// Wins: many processors that add. Loses: Load, few processors, memory.
//
// NewSharded makes it.
type Sharded struct{ sums []padded }

type padded struct {
	sum atomic.Int64
	_   [cacheLine - 8]byte
}

// NewSharded makes a counter.
func NewSharded() *Sharded { return &Sharded{make([]padded, impls.Places())} }

// Add adds delta.
func (c *Sharded) Add(delta int64) { c.sums[impls.Spread()&uint64(len(c.sums)-1)].sum.Add(delta) }

// Load returns the sum of all words.
func (c *Sharded) Load() int64 {
	sum := int64(0)
	for i := range c.sums {
		sum += c.sums[i].sum.Load()
	}
	return sum
}

// Reset sets the words to 0, one after the other, and returns their sum.
func (c *Sharded) Reset() int64 {
	sum := int64(0)
	for i := range c.sums {
		sum += c.sums[i].sum.Swap(0)
	}
	return sum
}

// Unpadded is Sharded whose words lie side by side in few lines: what false sharing costs.
//
// Source: as Sharded; Bolosky and Scott 1993 for false sharing.
// Progress: wait-free. Space: four words a processor. Ordering: as Sharded.
// Wins: nothing. Loses: the words move between processors as one.
//
// NewUnpadded makes it.
type Unpadded struct{ sums []atomic.Int64 }

// NewUnpadded makes a counter.
func NewUnpadded() *Unpadded { return &Unpadded{make([]atomic.Int64, impls.Places())} }

// Add adds delta.
func (c *Unpadded) Add(delta int64) { c.sums[impls.Spread()&uint64(len(c.sums)-1)].Add(delta) }

// Load returns the sum of all words.
func (c *Unpadded) Load() int64 {
	sum := int64(0)
	for i := range c.sums {
		sum += c.sums[i].Load()
	}
	return sum
}

// LongAdder begins as one word, and takes more when an addition meets another one, up to as many as Sharded. Growing copies
// pointers, not sums, so that who adds by the old table is not lost.
//
// Source: Lea 2011, java.util.concurrent.atomic.LongAdder and Striped64.
// Progress: lock-free; growing takes a lock that no addition waits for. Space: one line to four lines a processor. Ordering: as Sharded.
// Wins: small until it is contended. Loses: an addition on the way begins with a swap that may fail.
//
// NewLongAdder makes it.
type LongAdder struct {
	mu    sync.Mutex // of who grows
	most  int        // words
	table atomic.Pointer[[]*padded]
}

// NewLongAdder makes a counter.
func NewLongAdder() *LongAdder {
	c := &LongAdder{}
	c.init()
	return c
}

func (c *LongAdder) init() {
	c.most = impls.Places()
	c.table.Store(&[]*padded{new(padded)})
}

// Add adds delta.
func (c *LongAdder) Add(delta int64) {
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

// grow doubles the table if it still has from words and nobody else is at it.
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

// Batched gives each goroutine an Adder that passes on every batch of additions as one.
//
// Source: Boyd-Wickizer et al. 2010, §4.3 (sloppy counters).
// Progress: wait-free. Space: a word, and one for each Adder. Ordering: what an Adder has kept is not in the sum.
// Wins: everywhere by far, if readers can wait. Loses: the sum is late by up to batch for each Adder that is not flushed.
//
// The zero value is 0; it must not be copied.
type Batched struct{ FetchAndAdd }

// batch is what an Adder keeps before it passes it on.
const batch = 64

// Local returns an Adder.
func (c *Batched) Local() Adder { return &local{total: &c.FetchAndAdd} }

type local struct {
	total *FetchAndAdd
	kept  int64
}

// Add adds delta.
func (a *local) Add(delta int64) {
	a.kept += delta
	if a.kept >= batch {
		a.Flush()
	}
}

// Flush passes on what was kept.
func (a *local) Flush() {
	a.total.Add(a.kept)
	a.kept = 0
}
