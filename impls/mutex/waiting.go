package mutex

import (
	"runtime"
	"sync/atomic"
)

// Every lock here that spins does so by a spinner: it looks again at once, and gives its processor away
// every yieldEvery turns. A Go program cannot know that the holder runs on another processor, and with more
// goroutines than processors it often does not run at all. What happens without the yield is a row of its
// own, TicketPure.
type spinner uint32

const yieldEvery = 64

func (s *spinner) turn() {
	*s++
	if *s%yieldEvery == 0 {
		runtime.Gosched()
	}
}

// pause keeps away from memory for some turns of an empty loop, about half a nanosecond each.
//
//go:noinline
func pause(turns uint32) {
	for range turns {
	}
}

// A parker is where one waiter waits for a grant: it spins for a while and then sleeps on a channel. It is
// used again for another wait after reset.
type parker struct {
	state atomic.Uint32
	wake  chan struct{} // of one, so that grant never blocks
}

const (
	waiting = iota
	granted
	asleep
)

// parkAfter is how many turns a waiter spins before it sleeps: some microseconds with the yields among
// them, about what a sleep and a wake-up cost.
const parkAfter = 4 * yieldEvery

func newParker() parker { return parker{wake: make(chan struct{}, 1)} }

func (p *parker) reset() { p.state.Store(waiting) }

func (p *parker) wait() {
	var s spinner
	for range parkAfter {
		if p.state.Load() == granted {
			return
		}
		s.turn()
	}
	if p.state.CompareAndSwap(waiting, asleep) {
		<-p.wake
	}
}

func (p *parker) grant() {
	if p.state.Swap(granted) == asleep {
		p.wake <- struct{}{}
	}
}
