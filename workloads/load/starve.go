package load

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
)

// A Crowd is workers of whom some are always there. Whoever comes counts itself, and goes only when enough others are there.
type Crowd struct{ here atomic.Int64 }

// company is how long one waits for others at the most: they may be held back by what the crowd keeps out, as they should.
const company = 50 * time.Millisecond

// Come counts the caller.
func (c *Crowd) Come() { c.here.Add(1) }

// Gather waits until n are there, so that who comes then comes among them.
func (c *Crowd) Gather(n int64) {
	for begin := time.Now(); c.here.Load() < n && time.Since(begin) < company; {
		runtime.Gosched()
	}
}

// Go waits until as many others stay, and takes the caller out. It gives the processor away in any case: whoever can run does
// before the crowd's next turn.
func (c *Crowd) Go(stay int64) {
	runtime.Gosched()
	for begin := time.Now(); time.Since(begin) < company; runtime.Gosched() {
		if here := c.here.Load(); here > stay && c.here.CompareAndSwap(here, here-1) {
			return
		}
	}
	c.here.Add(-1)
}

// A Victim waits while others are served, who go on until it is over. It starves when others were served in so many different
// milliseconds of its wait that chance cannot explain it: while it is preempted just before it stands in line, nobody can know that it
// is there. Neither a number of others nor a time would do, since one who runs alone is served thousands of times in a
// moment, and a machine may stop for a while.
type Victim struct {
	since atomic.Int64 // begin of its wait, from the epoch on; 0: it does not wait
	tick  atomic.Int64 // millisecond in which another one was served last
	ticks atomic.Int64
	over  atomic.Bool
}

// enough is the milliseconds in which others are served while a victim starves.
const enough = 250

var epoch = time.Now()

// Waits begins a wait.
func (v *Victim) Waits() {
	v.ticks.Store(0)
	v.since.Store(int64(time.Since(epoch)))
}

// Served ends it.
func (v *Victim) Served() { v.since.Store(0) }

// Leaves says that the victim waits no more; it is for harness.Then.
func (v *Victim) Leaves() { v.over.Store(true) }

// Over reports whether the others may stop.
func (v *Victim) Over() bool { return v.over.Load() }

// Pass notes that another one was served, and fails the window when the victim starves.
func (v *Victim) Pass(w *harness.Worker) {
	since := v.since.Load()
	if since == 0 {
		return
	}
	now := time.Since(epoch)
	if tick := now.Milliseconds(); v.tick.Swap(tick) != tick && v.ticks.Add(1) > enough {
		waited := (now - time.Duration(since)).Round(time.Millisecond)
		w.Fail(fmt.Errorf("starved: one has waited for %v, and in %d milliseconds of it others were served", waited, enough))
		v.Leaves()
	}
}
