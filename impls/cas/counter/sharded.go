package counter

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Sharded spreads the sum over several words, each in its own line. A goroutine cannot
// know its processor, so it chooses a word by the address of its stack. It then mostly
// finds the word's line in its own cache, which a random choice would not.
//
// Source: Fich, Luchangco, Moir and Shavit 2005, §1 (statistics counters); McKenney, Is
// Parallel Programming Hard, ch. 5.
// Progress: wait-free. Space: four lines for each processor.
// Ordering: Load is not atomic; it reads each word at a different time.
// Wins: many processors that add. Loses: Load, few processors, memory.
//
// NewSharded makes it.
type Sharded struct{ sums []padded }

type padded struct {
	sum atomic.Int64
	_   [cpu.Line - 8]byte
}

// NewSharded makes a counter.
func NewSharded() *Sharded { return &Sharded{make([]padded, cpu.Places())} }

// Add adds delta.
func (c *Sharded) Add(delta int64) { c.sums[cpu.Spread()&uint64(len(c.sums)-1)].sum.Add(delta) }

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

// Unpadded is Sharded whose words share a few lines. It shows what false sharing costs.
//
// Source: as Sharded; Bolosky and Scott 1993 for false sharing.
// Progress: wait-free. Space: four words for each processor. Ordering: as Sharded.
// Wins: never. Loses: the words of a line move between processors together.
//
// NewUnpadded makes it.
type Unpadded struct{ sums []atomic.Int64 }

// NewUnpadded makes a counter.
func NewUnpadded() *Unpadded { return &Unpadded{make([]atomic.Int64, cpu.Places())} }

// Add adds delta.
func (c *Unpadded) Add(delta int64) { c.sums[cpu.Spread()&uint64(len(c.sums)-1)].Add(delta) }

// Load returns the sum of all words.
func (c *Unpadded) Load() int64 {
	sum := int64(0)
	for i := range c.sums {
		sum += c.sums[i].Load()
	}
	return sum
}
