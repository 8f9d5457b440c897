package async

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	asyncs "github.com/contendbench/contend/impls/async"
	"github.com/contendbench/contend/workloads/load"
)

// structured has functions return while those that they have started still sleep.
var structured = harness.Workload[New]{
	Load: harness.Load{
		Name: "structured", Turn: "life of an executor",
		About:  "functions return or fail while others that they have started sleep",
		Params: []harness.AnyParam{size, workers},
		Needs:  []impls.Promise{asyncs.Structured}, Probes: []impls.Promise{asyncs.Structured},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(harness.Within(size, 1, 100), workers.In(1, 2))}},
	},
	Run: func(t *harness.Trial, create New) error {
		n := size.Of(t)
		return load.Rounds(t, func(rng *rand.Rand) error {
			e := create(workers.Of(t))
			if err := endsLast(rng, e, n); err != nil {
				return err
			}
			if err := cancelsChildren(e, n); err != nil {
				return err
			}
			e.Close()
			return nil
		})
	},
}

// endsLast has a function return at once, and checks that its children have ended when its
// task has.
func endsLast(rng *rand.Rand, e asyncs.Executor[Value], n int) error {
	var ends atomic.Int64
	child := &program{sleep: shortTime(rng), ends: &ends}
	task := e.Go(context.Background(), func(f asyncs.Flow[Value]) (Value, error) {
		for range n {
			f.Go(child.function)
		}
		return Value{}, nil
	})
	if _, err := task.Await(context.Background()); err != nil {
		return err
	}
	if got := ends.Load(); got != int64(n) {
		return fmt.Errorf("%d of %d functions had ended when the function that had started them did", got, n)
	}
	return nil
}

var errParent = errors.New("a function that failed")

// cancelsChildren has a function fail or panic while its children sleep.
func cancelsChildren(e asyncs.Executor[Value], n int) error {
	for _, fails := range []func() error{
		func() error { return errParent },
		func() error { panic(errParent) },
	} {
		children := make([]asyncs.Task[Value], n)
		task := e.Go(context.Background(), func(f asyncs.Flow[Value]) (Value, error) {
			for i := range children {
				children[i] = f.Go(forever.function)
			}
			return Value{}, fails()
		})
		if _, err := task.Await(context.Background()); err == nil {
			return errors.New("a function that failed returned no error")
		}
		for _, c := range children {
			if _, err := c.Await(context.Background()); !errors.Is(err, context.Canceled) {
				return fmt.Errorf("the child of a function that failed returned %v, want the error of its context", err)
			}
		}
	}
	return nil
}
