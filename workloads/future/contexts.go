package future

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	futures "github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/workloads/load"
)

// contexts checks when a wait ends. It ends at once if its context ended before the call
// and the promise is not decided. It does not end before its context does.
var contexts = harness.Workload[New]{
	Load: harness.Load{
		Name: "contexts", Turn: "life of a promise",
		About:  "contexts that end before the call, during the wait, after it, at a deadline or never",
		Needs:  []impls.Promise{impls.Cancellable},
		Probes: []impls.Promise{impls.Cancellable},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newPromise New) error {
		return load.Rounds(t, func(rng *rand.Rand) error {
			r := endings[rng.IntN(len(endings))]
			if err := r.play(rng, newPromise()); err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
			return nil
		})
	},
}

// endings are the kinds of round.
var endings = []struct {
	name string
	play func(*rand.Rand, futures.Promise[Value]) error
}{
	{"a context that ended before the call", endedBefore},
	{"a context with a deadline", endsAtDeadline},
	{"the end of another wait's context", endOfAnother},
	{"a context that ended before the call, and a decided promise", endedAndDecided},
	{"contexts that do not end", neverEnds},
}

func endedBefore(rng *rand.Rand, p futures.Promise[Value]) error {
	ctx, cancel := someContext(rng, -time.Second)
	cancel()
	_, err := p.Get(ctx)
	return endedBy(ctx, err)
}

func endsAtDeadline(rng *rand.Rand, p futures.Promise[Value]) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(rng.IntN(int(2*time.Millisecond))))
	defer cancel()
	_, err := p.Get(ctx)
	return endedBy(ctx, err)
}

// endOfAnother has two goroutines wait, and ends the context of one.
func endOfAnother(rng *rand.Rand, p futures.Promise[Value]) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	live, end := someContext(rng, time.Hour)
	defer end()
	first, other := make(chan error, 1), make(chan outcome, 1)
	go func() {
		_, err := p.Get(ctx)
		first <- err
	}()
	go func() {
		var o outcome
		o.value, o.err = p.Get(live)
		other <- o
	}()
	load.Pause(rng, time.Millisecond)
	cancel()
	if err := endedBy(ctx, <-first); err != nil {
		return err
	}
	load.Pause(rng, time.Millisecond)
	select {
	case o := <-other:
		return fmt.Errorf("a Get whose context had not ended returned %v before the decision", o)
	default:
	}
	want := offer(rng.IntN(3))
	want.decide(p)
	return (<-other).want(want)
}

// endedAndDecided decides before or after the context ends. Either way, Get returns the
// outcome.
func endedAndDecided(rng *rand.Rand, p futures.Promise[Value]) error {
	ctx, cancel := someContext(rng, time.Hour)
	want := offer(rng.IntN(3))
	if rng.IntN(2) == 0 {
		cancel()
		want.decide(p)
	} else {
		want.decide(p)
		cancel()
	}
	var got outcome
	got.value, got.err = p.Get(ctx)
	return got.want(want)
}

// neverEnds has several goroutines wait for up to 30 ms, with contexts that do not end.
func neverEnds(rng *rand.Rand, p futures.Promise[Value]) error {
	const waiters = 6
	returned := make(chan outcome, waiters)
	for range waiters {
		ctx, cancel := someContext(rng, time.Hour)
		defer cancel()
		go func() {
			var o outcome
			o.value, o.err = p.Get(ctx)
			returned <- o
		}()
	}
	load.Pause(rng, 30*time.Millisecond)
	select {
	case o := <-returned:
		return fmt.Errorf("a Get returned %v before the decision", o)
	default:
	}
	want := offer(rng.IntN(3))
	want.decide(p)
	for range waiters {
		if err := (<-returned).want(want); err != nil {
			return err
		}
	}
	return nil
}

// someContext returns a context of one kind or another, with a deadline that far away.
func someContext(rng *rand.Rand, deadline time.Duration) (context.Context, context.CancelFunc) {
	switch rng.IntN(3) {
	case 0:
		return context.WithTimeout(context.Background(), deadline)
	case 1:
		ctx, cancel := context.WithCancel(context.Background())
		return load.NewWatched(ctx), cancel
	}
	return context.WithCancel(context.Background())
}
