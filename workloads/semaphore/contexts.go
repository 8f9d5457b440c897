package semaphore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	sems "github.com/contendbench/contend/impls/semaphore"
	"github.com/contendbench/contend/workloads/load"
)

// contexts checks when a wait ends: at once if its context ended before the call, not
// before its context ends, and not by the end of another's.
var contexts = harness.Workload[sems.New]{
	Load: harness.Load{
		Name: "contexts", Turn: "round",
		About:   "contexts that end before the call, during the wait, after it, at a deadline or never",
		Needs:   []impls.Promise{impls.Cancellable},
		Probes:  []impls.Promise{impls.Cancellable},
		Lasting: true,
		Points:  harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newSemaphore sems.New) error {
		s := newSemaphore(pair)
		return load.Rounds(t, func(rng *rand.Rand) error {
			r := endings[rng.IntN(len(endings))]
			if err := r.play(rng, s); err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
			return newLimit(pair).settled(s, pair)
		})
	},
}

// pair is the permits of a round's semaphore.
const pair = 2

// endings are the kinds of round. Each ends with all permits free.
var endings = []struct {
	name string
	play func(*rand.Rand, sems.Semaphore) error
}{
	{"a context that ended before the call", endedBefore},
	{"a context with a deadline", endsAtDeadline},
	{"the end of another wait's context", endOfAnother},
	{"a context that ends after the call", endsAfter},
	{"contexts that do not end", neverEnds},
}

// endedBefore calls Acquire with a context that has ended, while some permits are free or
// none.
func endedBefore(rng *rand.Rand, s sems.Semaphore) error {
	held := rng.IntN(pair + 1)
	for range held {
		if !s.TryAcquire(1) {
			return errors.New("a TryAcquire of a free permit failed")
		}
	}
	ctx, cancel := someContext(rng, -time.Second)
	cancel()
	err := s.Acquire(ctx, 1)
	s.Release(held)
	if err == nil {
		s.Release(1)
		return fmt.Errorf("an Acquire returned no error while %d of %d permits were held", held, pair)
	}
	return sameError(ctx, err)
}

// endsAtDeadline waits for a permit until a deadline.
func endsAtDeadline(rng *rand.Rand, s sems.Semaphore) error {
	if err := exhaust(s, pair); err != nil {
		return err
	}
	ctx, cancel := withTimeout(rng, time.Duration(rng.IntN(int(2*time.Millisecond))))
	defer cancel()
	err := endedBy(ctx, s.Acquire(ctx, 1))
	s.Release(pair)
	return err
}

// endOfAnother has two goroutines wait, and ends the context of one.
func endOfAnother(rng *rand.Rand, s sems.Semaphore) error {
	if err := exhaust(s, pair); err != nil {
		return err
	}
	ctx, cancel := someContext(rng, time.Hour)
	defer cancel()
	live, end := someContext(rng, time.Hour)
	defer end()
	ended, other := make(chan error, 1), make(chan error, 1)
	wait := func(ctx context.Context, result chan error) func() {
		return func() { result <- s.Acquire(ctx, 1) }
	}
	waits := []func(){wait(ctx, ended), wait(live, other)}
	first := rng.IntN(2)
	var group sync.WaitGroup
	load.QueueUp(&group, waits[first])
	load.QueueUp(&group, waits[1-first])
	cancel()
	if err := endedBy(ctx, <-ended); err != nil {
		return err
	}
	load.Pause(rng, time.Millisecond)
	select {
	case err := <-other:
		return early(err)
	default:
	}
	s.Release(pair)
	if err := <-other; err != nil {
		return early(err)
	}
	s.Release(1)
	return nil
}

// early is the error of an Acquire that ended neither by a permit nor by its context.
func early(err error) error {
	return fmt.Errorf("an Acquire whose context had not ended returned %v, want a wait for a permit", err)
}

// endsAfter ends a context after its Acquire has returned, at once or after a wait: the
// permit stays held.
func endsAfter(rng *rand.Rand, s sems.Semaphore) error {
	ctx, cancel := someContext(rng, time.Hour)
	defer cancel()
	waits := rng.IntN(2) == 0
	if waits {
		if err := exhaust(s, pair); err != nil {
			return err
		}
		load.Pause(rng, 100*time.Microsecond)
		go s.Release(pair)
	}
	for range pair {
		if err := s.Acquire(ctx, 1); err != nil {
			return early(err)
		}
	}
	cancel()
	load.Pause(rng, 100*time.Microsecond)
	if s.TryAcquire(1) {
		return errors.New("an acquired permit was free again after the context had ended")
	}
	s.Release(pair)
	return nil
}

// neverEnds has several goroutines wait for up to 30 ms, with contexts that do not end.
func neverEnds(rng *rand.Rand, s sems.Semaphore) error {
	const waiters = 6
	if err := exhaust(s, pair); err != nil {
		return err
	}
	returned := make(chan error, waiters)
	for range waiters {
		ctx, cancel := someContext(rng, time.Hour)
		defer cancel()
		go func() {
			err := s.Acquire(ctx, 1)
			if err == nil {
				s.Release(1)
			}
			returned <- err
		}()
	}
	load.Pause(rng, 30*time.Millisecond)
	select {
	case err := <-returned:
		return early(err)
	default:
	}
	s.Release(pair)
	for range waiters {
		if err := <-returned; err != nil {
			return early(err)
		}
	}
	return nil
}

// someContext returns a context of one kind or another, with a deadline that far away.
func someContext(rng *rand.Rand, deadline time.Duration) (context.Context, context.CancelFunc) {
	switch rng.IntN(4) {
	case 0:
		return withTimeout(rng, deadline)
	case 1:
		ctx, cancel := context.WithCancel(context.Background())
		return load.NewWatched(ctx), cancel
	case 2:
		ctx, cancel := context.WithCancelCause(context.Background())
		return ctx, func() { cancel(errCause) }
	}
	return context.WithCancel(context.Background())
}

// withTimeout returns a context with a deadline, of one kind or another.
func withTimeout(rng *rand.Rand, timeout time.Duration) (context.Context, context.CancelFunc) {
	if rng.IntN(2) == 0 {
		return context.WithTimeoutCause(context.Background(), timeout, errCause)
	}
	return context.WithTimeout(context.Background(), timeout)
}

// errCause is why a context ends. The error of an Acquire is the context's, and not this.
var errCause = errors.New("the cause of a context's end")
