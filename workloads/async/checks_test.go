package async

import (
	"context"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	asyncs "github.com/contendbench/contend/impls/async"
	"github.com/contendbench/contend/impls/implstest"
)

// liar is an executor that makes promises which it does not keep.
func liar(create New, promises ...impls.Promise) harness.Suite {
	return Suite(impls.New("liar", impls.Channel, "here", create, promises...))
}

// Goroutines run at the same time, and one for each function.
func TestPromisesOfAPlainGoroutine(t *testing.T) {
	implstest.RaceShowsFirst(t)
	goroutine := func(int) asyncs.Executor[Value] { return asyncs.NewGoroutine[Value]() }
	harness.Finds(t, liar(goroutine, asyncs.SingleThreaded), "lone", "at the same time")
	harness.Finds(t, liar(goroutine, asyncs.Limited), "limit", "ran at once")
	harness.Finds(t, liar(goroutine, asyncs.Structured), "structured", "had ended when")
}

// An executor with half of its workers limits too much.
func TestLimitFindsTooFewWorkers(t *testing.T) {
	half := func(workers int) asyncs.Executor[Value] { return asyncs.NewBounded[Value](max(workers/2, 1)) }
	harness.Finds(t, liar(half, asyncs.Limited), "limit", "could not run at once")
}

// changed is Goroutine whose functions have another flow.
type changed struct {
	*asyncs.Goroutine[Value]
	change func(asyncs.Flow[Value]) asyncs.Flow[Value]
}

func (e *changed) Go(ctx context.Context, f asyncs.Func[Value]) asyncs.Task[Value] {
	return e.Goroutine.Go(ctx, func(flow asyncs.Flow[Value]) (Value, error) { return f(e.change(flow)) })
}

// hasty is a flow whose Sleep returns too early.
type hasty struct{ asyncs.Flow[Value] }

func (f hasty) Sleep(d time.Duration) error { return f.Flow.Sleep(d / 2) }

// deaf is a flow that does not see the end of its context.
type deaf struct{ asyncs.Flow[Value] }

func (f deaf) Sleep(d time.Duration) error {
	if d > time.Second {
		d = time.Second // so that the test ends
	}
	time.Sleep(d)
	return nil
}

func TestLoadsFindBrokenSleeps(t *testing.T) {
	for _, c := range []struct {
		load, complaint string
		change          func(asyncs.Flow[Value]) asyncs.Flow[Value]
	}{
		{"lives", "before its time", func(f asyncs.Flow[Value]) asyncs.Flow[Value] { return hasty{f} }},
		{"contexts", "before its time", func(f asyncs.Flow[Value]) asyncs.Flow[Value] { return deaf{f} }},
	} {
		create := func(int) asyncs.Executor[Value] { return &changed{asyncs.NewGoroutine[Value](), c.change} }
		harness.Finds(t, liar(create), c.load, c.complaint)
	}
}
