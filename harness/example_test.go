package harness_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// This example runs a trial of a suite with one load and one lock.
func ExampleWorkload() {
	goroutines := harness.Param[int]{Key: "goroutines", About: "workers", Default: 4, Crowd: true}
	count := harness.Workload[func() sync.Locker]{
		Load: harness.Load{Name: "count", Turn: "acquisition", Params: []harness.AnyParam{goroutines}},
		Run: func(t *harness.Trial, newLock func() sync.Locker) error {
			return t.Window(func(w *harness.Window) error { // called for every window
				lock, sum := newLock(), uint64(0)
				w.Go("worker", goroutines.Of(t), func(w *harness.Worker) {
					for w.Next() {
						lock.Lock()
						w.Mark() // the sampled latency ends here
						sum++
						lock.Unlock()
					}
				})
				w.Check(func() error {
					if turns := w.Turns("worker"); sum < turns {
						return fmt.Errorf("lost updates: %d of %d", turns-sum, turns)
					}
					return nil
				})
				return nil
			})
		},
	}
	locks := []impls.Impl[func() sync.Locker]{
		impls.New("sync", impls.Runtime, "sync.Mutex", func() sync.Locker { return new(sync.Mutex) }),
	}
	suite := harness.NewSuite(
		harness.About{Pattern: "mutex", Contract: "example", Baseline: "sync"}, harness.Under(locks, count),
	)

	spec := harness.DefaultSpec(results.Cell{Contract: "example", Work: "count", Impl: "sync", Procs: 2})
	trial, err := harness.Execute(context.Background(), []harness.Suite{suite}, spec)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(trial.Name(), trial.Status, trial.Values["ns/op"] > 0)
	// Output: Example/work=count/impl=sync-2 ok true
}

// Roles may differ: the consumer drains the queue after the last producer has returned.
func ExampleWindow_Go() {
	body := func(t *harness.Trial, capacity int) error {
		return t.Window(func(w *harness.Window) error {
			queue := make(chan int, capacity)
			w.Go("consumer", 1, func(w *harness.Worker) {
				for w.Next() {
					if _, ok := <-queue; !ok {
						w.Undo() // the end of the queue is not a turn
						return
					}
				}
			}, harness.After("producer"))
			w.Go("producer", 2, func(w *harness.Worker) {
				for w.Next() {
					queue <- w.ID
				}
			}, harness.Then(func() { close(queue) }))
			return nil
		})
	}
	pipe := harness.Workload[int]{Load: harness.Load{Name: "pipe", Turn: "value"}, Run: body}
	queues := []impls.Impl[int]{impls.New("channel", impls.Channel, "the language", 16)}
	suite := harness.NewSuite(
		harness.About{Pattern: "example", Contract: "queue", Baseline: "channel"}, harness.Under(queues, pipe),
	)
	spec := harness.DefaultSpec(results.Cell{Contract: "queue", Impl: "channel"})
	spec.Stress = 20 * time.Millisecond
	out, err := harness.Stress(context.Background(), []harness.Suite{suite}, spec)
	fmt.Println(out.Status, err)
	// Output: ok <nil>
}

// A parameter is read by the variable that declares it.
func ExampleParam_Of() {
	hold := harness.Param[int]{
		Key: "hold-ns", About: "work inside the section, ns", Default: 100, Valid: harness.Between(0, 1_000_000),
	}
	work := harness.Workload[int]{
		Load: harness.Load{Name: "work", Turn: "section", Params: []harness.AnyParam{hold}},
		Run: func(t *harness.Trial, _ int) error {
			fmt.Println("hold", hold.Of(t), "ns")
			return t.Window(func(w *harness.Window) error {
				w.Go("worker", 1, func(w *harness.Worker) {
					for w.Next() {
						w.Spin(t.Spins(hold.Of(t)))
					}
				})
				return nil
			})
		},
	}
	table := []impls.Impl[int]{impls.New("one", impls.Atomic, "here", 0)}
	suite := harness.NewSuite(
		harness.About{Pattern: "example", Contract: "toy", Baseline: "one"}, harness.Under(table, work),
	)
	_, err := harness.Execute(context.Background(), []harness.Suite{suite}, harness.DefaultSpec(results.Cell{
		Contract: "toy", Work: "work", Impl: "one", Params: []results.Param{{Key: "hold-ns", Value: "250"}},
	}))
	fmt.Println(err)
	// Output:
	// hold 250 ns
	// <nil>
}

// In a test of your own module, Test stresses and checks your type under every load of a
// contract. Package workloads/mutex has a Suite function for locks, and the other
// contracts have one too.
func ExampleTest() {
	mine := harness.NewSuite(harness.About{Pattern: "mutex", Contract: "mutex", Baseline: "mine"} /* harness.Under(…) */)
	_ = func(t *testing.T) { harness.Test(t, mine) }
	_ = func(b *testing.B) { harness.Bench(b, mine) }
}
