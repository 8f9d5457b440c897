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
const company = 20 * time.Millisecond

// Come counts the caller.
func (c *Crowd) Come() { c.here.Add(1) }

// Go waits until as many others stay, and takes the caller out.
func (c *Crowd) Go(stay int64) {
	for begin := time.Now(); time.Since(begin) < company; {
		if here := c.here.Load(); here > stay && c.here.CompareAndSwap(here, here-1) {
			return
		}
		runtime.Gosched()
	}
	c.here.Add(-1)
}

// A Victim waits while others are served. It starves when so many passed it, for so long, that chance cannot explain it: a victim
// is on no list while it is preempted just before it stands in line, and that takes some milliseconds on a busy machine.
type Victim struct {
	since  atomic.Int64 // begin of its wait, from the epoch on; 0: it does not wait
	passed atomic.Int64
}

const (
	enough = 1000
	long   = 100 * time.Millisecond

	// VictimLasts is the length of a window in which a victim can starve.
	VictimLasts = 3 * long / 2
)

var epoch = time.Now()

// Waits begins a wait.
func (v *Victim) Waits() {
	v.passed.Store(0)
	v.since.Store(int64(time.Since(epoch)))
}

// Served ends it.
func (v *Victim) Served() { v.since.Store(0) }

// Pass counts one who was served, and fails the window when the victim starves.
func (v *Victim) Pass(w *harness.Worker) {
	since := v.since.Load()
	if since == 0 {
		return
	}
	if passed := v.passed.Add(1); passed > enough {
		if waited := time.Since(epoch) - time.Duration(since); waited > long {
			w.Fail(fmt.Errorf("starved: %d others were served while one waited for %v", passed, waited.Round(time.Millisecond)))
		}
	}
}
