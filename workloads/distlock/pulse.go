package distlock

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
)

// pulse notices when a process stands still by itself: its clients cannot keep their leases alive then, and what follows says nothing about
// the lock.
type pulse struct {
	last    atomic.Int64 // Unix ns
	longest atomic.Int64 // ns without a beat
}

const pulseEvery = 2 * time.Millisecond

// beat runs until goesOn returns false.
func (p *pulse) beat(goesOn func() bool) {
	for p.last.Store(time.Now().UnixNano()); goesOn(); p.last.Store(time.Now().UnixNano()) {
		time.Sleep(pulseEvery)
		p.stall()
	}
}

// stall is the longest time without a beat so far, up to now.
func (p *pulse) stall() time.Duration {
	if last := p.last.Load(); last > 0 {
		gap := time.Now().UnixNano() - last
		for longest := p.longest.Load(); gap > longest && !p.longest.CompareAndSwap(longest, gap); longest = p.longest.Load() {
		}
	}
	return time.Duration(p.longest.Load())
}

// unlessStalled turns an error into one that decides nothing, if something stood still for longer than most.
func unlessStalled(err error, stall, most time.Duration) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("%w (what must go on stood still for at most %v)", err, stall.Round(time.Millisecond))
	if stall > most {
		return fmt.Errorf("%w: %w", harness.ErrUnknown, err)
	}
	return err
}
