package barrier

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	barriers "github.com/contendbench/contend/impls/barrier"
	"github.com/contendbench/contend/impls/implstest"
)

func liar(newBarrier barriers.New, promises ...impls.Promise) harness.Suite {
	return Suite(impls.New("liar", impls.Spin, "here", newBarrier, promises...))
}

// Every workload that takes any barrier finds one that does nothing.
func TestEveryWorkloadFindsNoBarrier(t *testing.T) {
	implstest.RaceShowsFirst(t)
	none := liar(func(int) barriers.Barrier { return barriers.None{} })
	for work, complaint := range map[string]string{
		"phases": "party", "reuse": "party", "lives": "party", "stencil": "plate", "wake": "before the event",
	} {
		t.Run(work, func(t *testing.T) { harness.Finds(t, none, work, complaint) })
	}
}

// oneTooEarly is a barrier that lets every party through its eleventh wait, and is right
// before and after.
type oneTooEarly struct {
	barriers.Barrier
	waits []int // by party
}

func (b *oneTooEarly) Wait(id int) bool {
	if b.waits[id]++; b.waits[id] == 11 {
		return id == 0
	}
	return b.Barrier.Wait(id)
}

// The damage of one missing barrier is still there at the end of the window.
func TestStencilDoesNotHeal(t *testing.T) {
	implstest.RaceShowsFirst(t)
	harness.Finds(t, liar(func(n int) barriers.Barrier {
		return &oneTooEarly{barriers.NewCond(n), make([]int, n)}
	}), "stencil", "plate")
}

// A plate that goes through the same steps comes to the same temperatures, whoever
// computes its rows.
func TestPlatesAgree(t *testing.T) {
	const steps = 20_000
	for _, side := range []int{3, 4, 16, 33} {
		whole, halves := newPlate(side), newPlate(side)
		for step := range steps {
			whole.step(step, 0, side)
			halves.step(step, 0, side/2)
			halves.step(step, side/2, side)
		}
		if got, want := halves.cells[0], whole.cells[0]; !slices.Equal(got, want) {
			t.Errorf("side %d: got another plate in halves, want that of one piece", side)
		}
		if largest := slices.Max(whole.cells[0]); largest < 1 || largest > steps {
			t.Errorf("side %d: got a temperature of %v after %d steps, want 1 to %d", side, largest, steps, steps)
		}
	}
}

// dozing is a barrier that notices the end of a context 3 ms later.
type dozing struct{ *barriers.Channel }

func (b dozing) WaitContext(ctx context.Context, id int) (bool, error) {
	later, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		time.Sleep(3 * time.Millisecond)
		cancel()
	})()
	return b.Channel.WaitContext(later, id)
}

// goroutines starts one goroutine for each wait, which ends with the context.
type goroutines struct{ *barriers.Channel }

func (b goroutines) WaitContext(ctx context.Context, id int) (bool, error) {
	go func() { <-ctx.Done() }()
	return b.Channel.WaitContext(ctx, id)
}

func TestCancellationChecks(t *testing.T) {
	harness.Finds(t, liar(func(n int) barriers.Barrier { return dozing{barriers.NewChannel(n)} }, impls.Cancellable),
		"wake-by-end", "1 ms")
	harness.Finds(t, liar(func(n int) barriers.Barrier { return goroutines{barriers.NewChannel(n)} }, impls.Cancellable),
		"watchers", "goroutines")
}

// A promise without its method is refused with a sentence.
func TestPromisesWithoutTheirMethod(t *testing.T) {
	for _, promise := range []impls.Promise{impls.Cancellable, impls.Resizable} {
		err := harness.CheckSuites([]harness.Suite{
			liar(func(n int) barriers.Barrier { return barriers.NewCentralSpin(n) }, promise),
		})
		if err == nil {
			t.Errorf("got no error for a barrier that promises %s and has no method for it, want one", promise)
		}
	}
}
