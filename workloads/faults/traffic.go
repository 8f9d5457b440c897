package faults

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
)

// Traffic counts the calls that a fault must not stop. The zero value is ready for use.
type Traffic struct{ served atomic.Uint64 }

// Served counts a call.
func (t *Traffic) Served() { t.served.Add(1) }

// Count returns the number of calls so far.
func (t *Traffic) Count() uint64 { return t.served.Load() }

// AtLeast checks that n calls or more were served since the count was before. With fewer,
// the fault shows nothing: the error wraps harness.ErrUnknown.
func (t *Traffic) AtLeast(n, before uint64) error {
	if served := t.Count() - before; served < n {
		return fmt.Errorf("%w: other clients made %d calls during the fault, want %d", harness.ErrUnknown, served, n)
	}
	return nil
}

// trafficPoll is the time between two looks of Await.
const trafficPoll = time.Millisecond

// Await waits until another call is served. It returns false if none is within limit, and
// ErrBrokenOff if ctx ends.
func (t *Traffic) Await(ctx context.Context, limit time.Duration) (served bool, err error) {
	before := t.Count()
	for start := time.Now(); t.Count() == before; time.Sleep(trafficPoll) {
		if ctx.Err() != nil {
			return false, ErrBrokenOff
		}
		if time.Since(start) > limit {
			return false, nil
		}
	}
	return true, nil
}
