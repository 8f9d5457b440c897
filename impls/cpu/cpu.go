// Package cpu holds what implementations need of the processor: the size of a cache line,
// and one policy for each way to wait, so that rows differ by their algorithm and not by
// how they wait.
package cpu

import (
	"runtime"
	"sync/atomic"
)

// Line is the distance in bytes that keeps two words from sharing a cache line. It is two
// lines of 64, because the prefetcher fetches them in pairs.
const Line = 128

// YieldEvery is how often a waiter looks before it yields its processor.
const YieldEvery = 64

// A Spinner is a wait that looks again at once and yields every YieldEvery turns. A Go
// program cannot know that the other goroutine runs on another processor. With more
// goroutines than processors it often does not run at all.
type Spinner uint32

// Turn is one look in vain.
func (s *Spinner) Turn() {
	*s++
	if *s%YieldEvery == 0 {
		runtime.Gosched()
	}
}

// Until waits for a condition, as a Spinner does.
func Until(holds func() bool) {
	for turn := 1; !holds(); turn++ {
		if turn%YieldEvery == 0 {
			runtime.Gosched()
		}
	}
}

// Pause stays away from memory for some turns of an empty loop.
//
//go:noinline
func Pause(turns uint32) {
	for range turns {
	}
}

// Backoff is a wait that doubles with every failure, up to a bound.
type Backoff struct{ turns int }

const (
	minBackoff = 4 // turns of an empty loop
	maxBackoff = 1024
)

// Longer returns how many turns of an empty loop to stay away now.
func (b *Backoff) Longer() int {
	b.turns = min(max(2*b.turns, minBackoff), maxBackoff)
	return b.turns
}

// Yield yields the processor if the bound has been reached.
func (b *Backoff) Yield() {
	if b.turns == maxBackoff {
		runtime.Gosched()
	}
}

// Wait stays away, and then yields if the bound has been reached.
func (b *Backoff) Wait() {
	for range b.Longer() {
	}
	b.Yield()
}

// A Parker is where one waiter waits for a grant: it spins for a while and then sleeps on
// a channel. Reset makes it fit for another wait.
type Parker struct {
	state atomic.Uint32
	wake  chan struct{} // of one, so that Grant never blocks
}

const (
	waiting = iota
	granted
	asleep
)

// ParkAfter is how often a waiter looks before it sleeps: with the yields among them,
// about what a sleep and a wake-up cost.
const ParkAfter = 4 * YieldEvery

// NewParker returns a Parker for one wait.
func NewParker() Parker { return Parker{wake: make(chan struct{}, 1)} }

// Reset prepares another wait.
func (p *Parker) Reset() { p.state.Store(waiting) }

// Wait returns after the grant.
func (p *Parker) Wait() {
	var s Spinner
	for range ParkAfter {
		if p.state.Load() == granted {
			return
		}
		s.Turn()
	}
	if p.state.CompareAndSwap(waiting, asleep) {
		<-p.wake
	}
}

// Grant ends the wait, now or later. It never blocks.
func (p *Parker) Grant() {
	if p.state.Swap(granted) == asleep {
		p.wake <- struct{}{}
	}
}

// PowerOfTwo returns the least power of two that is n or more.
func PowerOfTwo(n int) int {
	p := 1
	for p < n {
		p *= 2
	}
	return p
}
