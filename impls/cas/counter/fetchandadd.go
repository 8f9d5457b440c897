package counter

import "sync/atomic"

// FetchAndAdd is the processor's own instruction, which cannot fail.
//
// Source: sync/atomic; Gottlieb et al. 1983, §2.2.
// Progress: wait-free. Space: a word. Ordering: sequentially consistent.
// Wins: everywhere that one word is enough. Loses: many processors, which pass its line
// around.
//
// The zero value is 0; it must not be copied.
type FetchAndAdd struct{ sum atomic.Int64 }

// Add adds delta.
func (c *FetchAndAdd) Add(delta int64) { c.sum.Add(delta) }

// Load returns the sum.
func (c *FetchAndAdd) Load() int64 { return c.sum.Load() }

// Reset sets the sum to 0 and returns what it was.
func (c *FetchAndAdd) Reset() int64 { return c.sum.Swap(0) }
