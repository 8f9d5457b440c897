package faults

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
)

// Pulse notices when its own process stalls. The process's clients cannot send heartbeats
// then, and what follows proves nothing about the servers. The zero value is ready for
// use.
type Pulse struct {
	last    atomic.Int64 // Unix ns
	longest atomic.Int64 // ns without a beat
}

const pulseEvery = 2 * time.Millisecond

// Beat runs until more returns false.
func (p *Pulse) Beat(more func() bool) {
	for p.last.Store(time.Now().UnixNano()); more(); p.last.Store(time.Now().UnixNano()) {
		time.Sleep(pulseEvery)
		p.Stall()
	}
}

// Stall returns the longest time without a beat, up to now.
func (p *Pulse) Stall() time.Duration {
	if last := p.last.Load(); last > 0 {
		gap := time.Now().UnixNano() - last
		longest := p.longest.Load()
		for gap > longest && !p.longest.CompareAndSwap(longest, gap) {
			longest = p.longest.Load()
		}
	}
	return time.Duration(p.longest.Load())
}

// UnlessStalled downgrades a violation to harness.ErrUnknown if a process that it depends
// on stalled for longer than limit.
func UnlessStalled(err error, stall, limit time.Duration) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("%w (the longest stall of a process involved was %v)", err, stall.Round(time.Millisecond))
	if stall > limit {
		return fmt.Errorf("%w: %w", harness.ErrUnknown, err)
	}
	return err
}
