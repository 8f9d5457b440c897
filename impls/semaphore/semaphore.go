// Package semaphore holds implementations of counting semaphores with weights.
//
// The contract: at any instant at most as many permits are held as the semaphore has.
// Acquire takes all of its permits or none. If its context ends first, it has taken none
// and returns the context's error: ctx.Err(), not the cause. So it does if its context
// has ended before the call. What was written before a Release happens before the return
// of an Acquire that takes its permits. A Release of more permits than are held is
// misuse. One that promises to panic then is as it was before. A weight below zero is an
// error of Acquire, a failure of TryAcquire and misuse of Release.
//
// What to choose: where permits are scarce and held briefly, take BoundedBypass. A
// running goroutine takes the permits that it finds free, where FIFO and
// golang.org/x/sync must wake the next waiter for each. Where there are permits for all
// goroutines, take golang.org/x/sync. BoundedBypass and Atomic lose there, because each
// call moves a cache line between cores; a sync.Mutex lets its holder take many turns.
//
// To add an implementation, write its file and add one line to All.
package semaphore

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync/atomic"

	"github.com/contendbench/contend/impls"
)

// Semaphore is a number of permits.
type Semaphore interface {
	// Acquire waits until n permits are free and takes them. A weight above the number of
	// permits waits until ctx ends, or until Resize makes room for it. Such a waiter holds
	// up no other.
	Acquire(ctx context.Context, n int) error
	// TryAcquire takes n permits if they are free and no waiter is served before. It
	// never blocks.
	TryAcquire(n int) bool
	// Release gives n permits back.
	Release(n int)
}

// Resizer is a Semaphore whose number of permits changes. Holders keep the permits beyond
// a smaller number, and those are not granted again after their release.
type Resizer interface {
	Semaphore
	Resize(permits int)
}

// New makes a semaphore with all of its permits free.
type New = func(permits int) Semaphore

// Weighted is the promise of a semaphore with weights above one.
var Weighted = impls.Promise{Name: "weighted", Meaning: "grants several permits at once, all or none"}

// ErrWeight is the error of a weight below zero.
var ErrWeight = errors.New("semaphore: negative weight")

func checkWeight(n int) error {
	if n < 0 {
		return fmt.Errorf("%w: %d", ErrWeight, n)
	}
	return nil
}

// check returns the error of an Acquire that cannot begin.
func check(ctx context.Context, n int) error {
	if err := checkWeight(n); err != nil {
		return err
	}
	return ctx.Err()
}

// never waits for the end of ctx, as an Acquire of more permits than there are.
func never(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// takeFree takes n of the free permits. It fails if fewer are free, or if others changed
// their number in between that many times.
func takeFree(free *atomic.Int64, n int64, races int) bool {
	for range races {
		now := free.Load()
		if now < n {
			return false
		}
		if free.CompareAndSwap(now, now-n) {
			return true
		}
	}
	return false
}

const (
	// newcomerRaces is how many races for the free permits a newcomer loses before it
	// queues up. Without a bound, it could lose forever.
	newcomerRaces = 64
	// allRaces is for a TryAcquire, and for a waiter that newcomers cannot pass.
	allRaces = math.MaxInt
)

// giveBack adds n permits to the free ones, and returns how many are free then. It panics
// if that is more than the semaphore's permits; no other goroutine has seen them then.
func giveBack(free *atomic.Int64, n int, permits int64) int64 {
	for {
		now := free.Load()
		mustRelease(n, int(permits-now))
		if free.CompareAndSwap(now, now+int64(n)) {
			return now + int64(n)
		}
	}
}

// mustRelease panics if n permits cannot be given back.
func mustRelease(n, held int) {
	if n < 0 {
		panic(checkWeight(n))
	}
	if n > held {
		panic(fmt.Sprintf("semaphore: release %d permits: only %d are held", n, held))
	}
}
