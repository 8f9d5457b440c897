package counter

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// CASLoop reads the sum and tries to swap in the new one, until no other goroutine has
// changed the sum in between.
//
// Source: IBM System/370 Principles of Operation, appendix A, COMPARE AND SWAP; Herlihy
// 1991, §3.2.
// Progress: lock-free. Space: a word. Ordering: sequentially consistent.
// Wins: never over FetchAndAdd; it represents operations that have no instruction. Loses:
// a failure transfers the line for nothing.
//
// The zero value is 0; it must not be copied.
type CASLoop struct{ sum atomic.Int64 }

// Add adds delta.
func (c *CASLoop) Add(delta int64) {
	for {
		old := c.sum.Load()
		if c.sum.CompareAndSwap(old, old+delta) {
			return
		}
	}
}

// Load returns the sum.
func (c *CASLoop) Load() int64 { return c.sum.Load() }

// Reset sets the sum to 0 and returns what it was.
func (c *CASLoop) Reset() int64 { return c.sum.Swap(0) }

// CASBackoff is CASLoop that backs off after a failure, longer each time.
//
// Source: Agarwal and Cherian 1989; Dice, Hendler and Mirsky 2013, §2.
// Progress: lock-free. Space: a word. Ordering: sequentially consistent.
// Wins: contention on many processors. Loses: fairness, because the goroutine that has
// just succeeded is the first to try again.
//
// The zero value is 0; it must not be copied.
type CASBackoff struct{ CASLoop }

// Add adds delta.
func (c *CASBackoff) Add(delta int64) {
	var b cpu.Backoff
	for {
		old := c.sum.Load()
		if c.sum.CompareAndSwap(old, old+delta) {
			return
		}
		b.Wait()
	}
}
