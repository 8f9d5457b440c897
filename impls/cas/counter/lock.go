package counter

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Mutex is a sum under a sync.Mutex.
//
// Source: sync.Mutex.
// Progress: blocking; waiters sleep. Space: two words. Ordering: that of the mutex.
// Wins: never; it shows what a lock costs. Loses: a waiter sleeps for the sake of one
// addition.
//
// The zero value is 0; it must not be copied.
type Mutex struct {
	mu  sync.Mutex
	sum int64
}

// Add adds delta.
func (c *Mutex) Add(delta int64) {
	c.mu.Lock()
	c.sum += delta
	c.mu.Unlock()
}

// Load returns the sum.
func (c *Mutex) Load() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sum
}

// Reset sets the sum to 0 and returns what it was.
func (c *Mutex) Reset() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	sum := c.sum
	c.sum = 0
	return sum
}

// Spin is a sum whose lowest bit is the lock, so that one word holds both.
//
// Source: Bacon et al. 1998, §2 (locks in bits of a word); test and test-and-set of
// Rudolph and Segall 1984, §5.
// Progress: blocking; waiters spin and yield. Space: a word. Ordering: sequentially
// consistent.
// Wins: never over CASLoop. Loses: a holder that is preempted stops all others.
//
// The zero value is 0; it must not be copied. The sum must stay below 2^62, which its
// limit on SumBits states.
type Spin struct{ word atomic.Int64 }

func (c *Spin) lock() int64 {
	var b cpu.Backoff
	for {
		if word := c.word.Load(); word&1 == 0 && c.word.CompareAndSwap(word, word|1) {
			return word >> 1
		}
		b.Wait()
	}
}

// Add adds delta.
func (c *Spin) Add(delta int64) { c.word.Store((c.lock() + delta) << 1) }

// Load returns the sum.
func (c *Spin) Load() int64 { return c.word.Load() >> 1 }

// Reset sets the sum to 0 and returns what it was.
func (c *Spin) Reset() int64 {
	sum := c.lock()
	c.word.Store(0)
	return sum
}
