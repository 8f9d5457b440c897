package future

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	futures "github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/workloads/load"
)

// inside has callbacks use the promise that calls them. A promise that holds a lock during
// its callbacks waits for itself.
var inside = harness.Workload[New]{
	Load: harness.Load{
		Name: "inside", Turn: "life of a promise",
		About:  "callbacks get their own promise, add callbacks to it and try to decide it",
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newPromise New) error {
		return load.Rounds(t, func(rng *rand.Rand) error { return useInside(rng, newPromise()) })
	},
}

// A nest is a promise whose callbacks use it.
type nest struct {
	promise futures.Promise[Value]
	want    outcome
	left    atomic.Int64
	failed  atomic.Pointer[error]
}

// useInside adds callbacks that use the promise, before the decision or after it.
func useInside(rng *rand.Rand, p futures.Promise[Value]) error {
	const early, late, depth = 2, 1, 3
	n := &nest{promise: p, want: offer(rng.IntN(3))}
	n.left.Store((early + late) * depth)
	for range early {
		n.add(depth)
	}
	decided := make(chan bool, 1)
	go func() { decided <- n.want.decide(p) }()
	if won, ok := inTime(decided); !ok || !won {
		return fmt.Errorf("a deciding call whose callbacks use the promise returned: %v, with true: %v", ok, won)
	}
	for range late {
		n.add(depth)
	}
	done := soon(func() bool { return n.left.Load() <= 0 || n.failed.Load() != nil })
	if err := n.failed.Load(); err != nil {
		return *err
	}
	if !done {
		return fmt.Errorf("%d callbacks that callbacks have added were not called", n.left.Load())
	}
	return nil
}

// add adds a callback that uses the promise and adds another one.
func (n *nest) add(depth int) {
	if depth == 0 {
		return
	}
	n.promise.Then(func(value Value, err error) {
		n.fail(n.use(outcome{value, err}))
		n.add(depth - 1)
		n.left.Add(-1)
	})
}

// use makes every call in a callback.
func (n *nest) use(called outcome) error {
	var got outcome
	got.value, got.err = n.promise.Get(context.Background())
	switch {
	case !called.same(n.want) || !got.same(n.want):
		return fmt.Errorf("a callback was called with %v, and its Get returned %v, want %v", called, got, n.want)
	case n.promise.Resolve(Value{}) || n.promise.Reject(errTorn):
		return errors.New("a deciding call in a callback returned true")
	}
	return nil
}

func (n *nest) fail(err error) {
	if err != nil {
		n.failed.CompareAndSwap(nil, &err)
	}
}
