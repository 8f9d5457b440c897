package cas

import (
	"sync"
	"sync/atomic"
)

// FetchAndAdd is the processor's own instruction, which cannot fail.
//
// Source: sync/atomic; Gottlieb et al. 1983, §2.2.
// Progress: wait-free. Space: a word. Ordering: sequentially consistent.
// Wins: everywhere that one word is enough. Loses: many processors, which pass its line around.
//
// The zero value is 0; it must not be copied.
type FetchAndAdd struct{ sum atomic.Int64 }

// Add adds delta.
func (c *FetchAndAdd) Add(delta int64) { c.sum.Add(delta) }

// Load returns the sum.
func (c *FetchAndAdd) Load() int64 { return c.sum.Load() }

// Reset sets the sum to 0 and returns what it was.
func (c *FetchAndAdd) Reset() int64 { return c.sum.Swap(0) }

// Loop reads the sum and swaps in a new one, until nobody came between.
//
// Source: IBM System/370 Principles of Operation, appendix A, COMPARE AND SWAP; Herlihy 1991, §3.2.
// Progress: lock-free. Space: a word. Ordering: sequentially consistent.
// Wins: nothing over FetchAndAdd; it stands for what no instruction does. Loses: a failure is a transfer of the line for nothing.
//
// The zero value is 0; it must not be copied.
type Loop struct{ sum atomic.Int64 }

// Add adds delta.
func (c *Loop) Add(delta int64) {
	for {
		old := c.sum.Load()
		if c.sum.CompareAndSwap(old, old+delta) {
			return
		}
	}
}

// Load returns the sum.
func (c *Loop) Load() int64 { return c.sum.Load() }

// Reset sets the sum to 0 and returns what it was.
func (c *Loop) Reset() int64 { return c.sum.Swap(0) }

// LoopBackoff is Loop that stays away after a failure, longer each time.
//
// Source: Agarwal and Cherian 1989; Dice, Hendler and Mirsky 2013, §2.
// Progress: lock-free. Space: a word. Ordering: sequentially consistent.
// Wins: contention on many processors. Loses: fairness; whoever has just succeeded is first again.
//
// The zero value is 0; it must not be copied.
type LoopBackoff struct{ Loop }

// Add adds delta.
func (c *LoopBackoff) Add(delta int64) {
	var b backoff
	for {
		old := c.sum.Load()
		if c.sum.CompareAndSwap(old, old+delta) {
			return
		}
		b.wait()
	}
}

// Mutex is a sum under a sync.Mutex.
//
// Source: sync.Mutex.
// Progress: blocking, parked. Space: two words. Ordering: that of the mutex.
// Wins: nothing; it is what the others are measured against. Loses: a waiter sleeps for the sake of one addition.
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
// Source: Bacon et al. 1998, §2 (locks in bits of a word); test and test-and-set of Rudolph and Segall 1984, §5.
// Progress: blocking, spins and yields. Space: a word. Ordering: sequentially consistent.
// Wins: nothing over Loop. Loses: a holder that is preempted stops all.
//
// The zero value is 0; it must not be copied. It counts to 2^62.
type Spin struct{ word atomic.Int64 }

func (c *Spin) lock() int64 {
	var b backoff
	for {
		if word := c.word.Load(); word&1 == 0 && c.word.CompareAndSwap(word, word|1) {
			return word >> 1
		}
		b.wait()
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

// Channel is a sum that lies in a channel of one; who has taken it out owns it.
//
// Source: Hoare 1978, §5; Effective Go, Share by communicating.
// Progress: blocking, parked, first come first served. Space: a channel. Ordering: that of the channel.
// Wins: nothing. Loses: two channel operations for one addition.
//
// NewChannel makes it.
type Channel struct{ sum chan int64 }

// NewChannel makes a counter.
func NewChannel() *Channel {
	c := &Channel{make(chan int64, 1)}
	c.sum <- 0
	return c
}

// Add adds delta.
func (c *Channel) Add(delta int64) { c.sum <- <-c.sum + delta }

// Load returns the sum.
func (c *Channel) Load() int64 {
	sum := <-c.sum
	c.sum <- sum
	return sum
}

// Reset sets the sum to 0 and returns what it was.
func (c *Channel) Reset() int64 {
	sum := <-c.sum
	c.sum <- 0
	return sum
}
