package future

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	futures "github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/impls/implstest"
)

// liar is a future that makes promises which it does not keep.
func liar(newPromise New, promises ...impls.Promise) harness.Suite {
	return Suite(impls.New("liar", impls.Mutex, "here", newPromise, promises...))
}

// constructed is Lazy that takes callbacks only if a constructor made it.
type constructed struct {
	futures.Lazy[Value]
	made bool
}

func (p *constructed) Then(f func(Value, error)) {
	if p.made {
		p.Lazy.Then(f)
	}
}

func TestZeroValueFindsAConstructor(t *testing.T) {
	create := func() futures.Promise[Value] { return &constructed{made: true} }
	harness.Finds(t, liar(create, impls.ZeroValue), "zero-value", "was called 0 times")
}

// A callback is a goroutine of MVar's, in no order.
func TestPromisesOfCallbacksInGoroutines(t *testing.T) {
	mvar := func() futures.Promise[Value] { return futures.NewMVar[Value]() }
	harness.Finds(t, liar(mvar, futures.InOrder), "order", "in the order")
	harness.Finds(t, liar(mvar, futures.Inline), "inline", "when the deciding call returned")
}

// Atomic leaves cancelled waiters on its stack.
func TestTracesFindsWaitersThatStay(t *testing.T) {
	atomic := func() futures.Promise[Value] { return new(futures.Atomic[Value]) }
	harness.Finds(t, liar(atomic, impls.Cancellable), "traces", "objects in memory")
}

// getting is Lazy with another Get.
type getting struct {
	*futures.Lazy[Value]
	get func(context.Context, *futures.Lazy[Value]) (Value, error)
}

func (p *getting) Get(ctx context.Context) (Value, error) { return p.get(ctx, p.Lazy) }

func TestContextsFindsWhatItShould(t *testing.T) {
	for _, c := range []struct {
		name, complaint string
		get             func(context.Context, *futures.Lazy[Value]) (Value, error)
	}{
		{"impatient", "before the decision", func(ctx context.Context, p *futures.Lazy[Value]) (Value, error) {
			limited, cancel := context.WithTimeout(ctx, 5*time.Millisecond)
			defer cancel()
			return p.Get(limited)
		}},
		{"another error", "want the context's error", func(ctx context.Context, p *futures.Lazy[Value]) (Value, error) {
			v, err := p.Get(ctx)
			if err != nil && errors.Is(err, ctx.Err()) {
				return v, errors.New("timeout")
			}
			return v, err
		}},
		{"no error", "returned a value", func(ctx context.Context, p *futures.Lazy[Value]) (Value, error) {
			v, err := p.Get(ctx)
			if err != nil && errors.Is(err, ctx.Err()) {
				return v, nil
			}
			return v, err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			create := func() futures.Promise[Value] { return &getting{new(futures.Lazy[Value]), c.get} }
			harness.Finds(t, liar(create, impls.Cancellable), "contexts", c.complaint)
		})
	}
}

// overlapping is Lazy that calls each callback in a goroutine of its own.
type overlapping struct {
	*futures.Lazy[Value]
	group sync.WaitGroup
}

func (p *overlapping) Then(f func(Value, error)) {
	p.group.Go(func() {
		v, err := p.Get(context.Background())
		f(v, err)
	})
}

func TestLivesFindsCallbacksThatOverlap(t *testing.T) {
	implstest.RaceShowsFirst(t)
	create := func() futures.Promise[Value] { return &overlapping{Lazy: new(futures.Lazy[Value])} }
	harness.Finds(t, liar(create), "lives", "at the same time")
}
