package txn

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"time"
)

// A Conflict is the error of an attempt that another transaction stood in the way of.
// There is one value for each reason.
type Conflict struct{ Reason Reason }

func (c *Conflict) Error() string { return "txn: conflict: " + c.Reason.String() }

// A Reason says why an attempt could not commit.
type Reason int

// The reasons.
const (
	Changed Reason = iota
	Phantom
	Locked
	Died
	Wounded
	Deadlock
	Written
	Pivot
	Refused
	reasons
)

var reasonTexts = [reasons]struct{ name, meaning string }{
	Changed:  {"changed", "what it had read was changed before it could commit"},
	Phantom:  {"phantom", "a key appeared in, or vanished from, a range that it had scanned"},
	Locked:   {"locked", "another one had locked what it needed, and it does not wait"},
	Died:     {"died", "an older one had locked what it needed"},
	Wounded:  {"wounded", "an older one needed what it had locked"},
	Deadlock: {"deadlock", "it waited for one that waited for it"},
	Written:  {"written", "another one had committed a change of what it changed"},
	Pivot:    {"pivot", "it read what a second one changed, and a third one read what it changed"},
	Refused:  {"refused", "the database refused it"},
}

func (r Reason) String() string { return reasonTexts[r].name }

// Meaning says why an attempt ended, as the rest of a sentence that ends in "because".
func (r Reason) Meaning() string { return reasonTexts[r].meaning }

// Reasons returns all reasons.
func Reasons() (all []Reason) {
	for r := range reasons {
		all = append(all, r)
	}
	return all
}

var conflicts = func() (c [reasons]*Conflict) {
	for r := range c {
		c[r] = &Conflict{Reason(r)}
	}
	return c
}()

// ConflictOf returns the Conflict of a reason.
func ConflictOf(r Reason) *Conflict { return conflicts[r] }

// Backoff is what a transaction does between two attempts.
type Backoff string

// The backoffs. Exponential waits for random times, each up to twice as long as the one
// before, from 1 µs to 1 ms.
const (
	Immediate   Backoff = "none"
	Yield       Backoff = "yield"
	Exponential Backoff = "exponential"
)

// yieldEvery is how many attempts there are from one yield to the next, under any backoff.
const yieldEvery = 64

const (
	minWait = time.Microsecond
	maxWait = time.Millisecond
)

// Retry runs transactions until one attempt commits. Stores embed it.
type Retry struct {
	options Options
	aborts  [reasons]atomic.Uint64
}

// NewRetry makes a Retry with the options of a store.
func NewRetry(o Options) Retry { return Retry{options: o} }

// Run calls attempt until its error is no *Conflict, and returns that error. Before each
// call it looks whether ctx has ended.
func (r *Retry) Run(ctx context.Context, attempt func() error) error {
	for n := 1; ; n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := attempt()
		c, ok := err.(*Conflict) //nolint:errorlint // an attempt returns it as it is
		if !ok {
			return err
		}
		r.aborts[c.Reason].Add(1)
		if n == r.options.Attempts {
			return fmt.Errorf("%w: %w", ErrAborted, c)
		}
		r.options.Backoff.wait(ctx, n)
		if n%yieldEvery == 0 {
			runtime.Gosched() // what it conflicts with may need the processor
		}
	}
}

// Aborts returns how many attempts ended for each reason.
func (r *Retry) Aborts() map[Reason]uint64 {
	m := map[Reason]uint64{}
	for reason := range r.aborts {
		if n := r.aborts[reason].Load(); n > 0 {
			m[Reason(reason)] = n
		}
	}
	return m
}

// wait waits after the n-th attempt, at most until ctx ends.
func (b Backoff) wait(ctx context.Context, n int) {
	switch b {
	case Yield:
		runtime.Gosched()
	case Exponential:
		pause(ctx, rand.N(min(minWait<<min(n, 30), maxWait)))
	}
}

// shortestSleep is about what a timer takes at least. Shorter pauses yield.
const shortestSleep = 100 * time.Microsecond

func pause(ctx context.Context, d time.Duration) {
	if d < shortestSleep {
		for start := time.Now(); time.Since(start) < d; {
			runtime.Gosched()
		}
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// Conflicted returns the Conflict in the chain of err, or nil.
func Conflicted(err error) *Conflict {
	var c *Conflict
	errors.As(err, &c)
	return c
}
