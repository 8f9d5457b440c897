package load

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
)

// A Gathering is workers among which some are always present. A worker that joins counts
// itself. It leaves only while enough others are present.
type Gathering struct{ present atomic.Int64 }

// patience is how long a worker waits for others: what is tested may rightly hold them
// back.
const patience = 50 * time.Millisecond

// Join counts the caller.
func (g *Gathering) Join() { g.present.Add(1) }

// WaitFor waits until n workers are present.
func (g *Gathering) WaitFor(n int64) {
	for start := time.Now(); g.present.Load() < n && time.Since(start) < patience; {
		runtime.Gosched()
	}
}

// Leave waits until more than stay workers are present, and takes the caller out. It
// always yields, so that others run before the caller's next turn.
func (g *Gathering) Leave(stay int64) {
	runtime.Gosched()
	for start := time.Now(); time.Since(start) < patience; runtime.Gosched() {
		if n := g.present.Load(); n > stay && g.present.CompareAndSwap(n, n-1) {
			return
		}
	}
	g.present.Add(-1)
}

// A Victim is a waiter checked for starvation. It has starved if, while it waited, others
// were served in more than 250 distinct milliseconds. Counting the others would not work:
// a goroutine running alone is served thousands of times before the victim is even
// queued. Nor would elapsed time: the machine may stall.
type Victim struct {
	since atomic.Int64 // start of its wait; 0: it does not wait
	tick  atomic.Int64 // the last millisecond in which another one was served
	ticks atomic.Int64
	over  atomic.Bool
	more  int64 // see Victims
	rests bool  // see Victims.Rest
}

// maxTicks is the distinct milliseconds in which others are served while a victim that
// does not starve waits.
const maxTicks = 250

var epoch = time.Now()

func milliseconds() int64 { return time.Since(epoch).Milliseconds() }

// Waits starts a wait.
func (v *Victim) Waits() {
	v.ticks.Store(0)
	v.since.Store(int64(time.Since(epoch)))
}

// Served ends it.
func (v *Victim) Served() { v.since.Store(0) }

// Waited returns the milliseconds of its last wait in which others were served.
func (v *Victim) Waited() int64 { return v.ticks.Load() }

// A Record counts the long waits of victims that were served in the end. On a busy machine
// one in hundreds is long, by accident. Those of victims that only chance lets through are
// long every other time.
type Record struct{ served, long atomic.Int64 }

const (
	longTicks = 40 // of a long wait
	longWaits = 3  // before a share says something
	longShare = 4  // one wait in this many is long
)

// Add notes a wait of some milliseconds in which others were served. It returns an error if
// too many waits are long.
func (r *Record) Add(ticks int64) error {
	served, long := r.served.Add(1), r.long.Load()
	if ticks >= longTicks {
		long = r.long.Add(1)
	}
	if long < longWaits || longShare*long < served {
		return nil
	}
	return fmt.Errorf("nearly starved: in %d of %d waits others were served for %d milliseconds or more",
		long, served, longTicks)
}

// Leaves says that the victim waits no more; for harness.Then.
func (v *Victim) Leaves() { v.over.Store(true) }

// Over reports whether the others may stop.
func (v *Victim) Over() bool { return v.over.Load() }

// Pass notes that another worker was served, and fails the window when the victim
// starves.
func (v *Victim) Pass(w *harness.Worker) {
	since := v.since.Load()
	if since == 0 {
		return
	}
	now := time.Since(epoch)
	if tick := now.Milliseconds(); v.tick.Swap(tick) != tick && v.ticks.Add(1) > maxTicks+v.more {
		waited := (now - time.Duration(since)).Round(time.Millisecond)
		w.Fail(fmt.Errorf("starved: a waiter has waited for %v, and others were served in %d milliseconds of it",
			waited, maxTicks+v.more))
		v.Leaves()
	}
}
