package future

import (
	"context"
	"fmt"

	"github.com/contendbench/contend/harness"
	futures "github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/workloads/load"
)

// all has clients ask many questions at once, and wait for All of the answers.
var all = harness.Workload[NewCombinator]{
	Load: harness.Load{
		Name: "all", Turn: "All of the fan-out", About: "clients send many questions to servers and wait for all answers",
		Params:    []harness.AnyParam{load.Goroutines, fanOut, servers},
		CurveAxis: fanOut, Allocates: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(1, 8), fanOut.In(1, 4, 16, 64, 256))},
			Stress:   []harness.Grid{harness.Over(few, harness.Within(fanOut, 1, 300))},
		},
	},
	Run: runAll,
}

var fanOut = harness.Param[int]{
	Key: "fan-out", About: "futures under each All, 1 to 100000", Default: 16, Valid: harness.Between(1, 100_000),
}

func runAll(t *harness.Trial, newCombinator NewCombinator) error {
	n, k, m := load.Goroutines.Of(t), fanOut.Of(t), servers.Of(t)
	return t.Window(func(w *harness.Window) error {
		c, questions := newCombinator(), make(chan question, questionRoom)
		w.Go("client", n, func(w *harness.Worker) {
			asked := make([]futures.Future[Value], k)
			for w.Next() {
				for i := range asked {
					q := question{float64(i), c.New()}
					asked[i] = q.answer
					questions <- q
				}
				values, err := c.All(asked...).Get(context.Background())
				if err != nil || !answers(values, k) {
					w.Fail(fmt.Errorf("All of %d answers has %v, error %v", k, values, err))
				}
			}
		}, harness.Then(func() { close(questions) }))
		w.Go("server", m, func(w *harness.Worker) {
			for w.Next() {
				q, ok := <-questions
				if !ok {
					w.Undo()
					return
				}
				q.answer.Resolve(made(2 * q.number))
			}
		}, harness.After("client"))
		return nil
	})
}

// answers reports whether values are those of k questions, in order.
func answers(values []Value, k int) bool {
	for i, v := range values {
		if v.Number != 2*float64(i) || !v.whole() {
			return false
		}
	}
	return len(values) == k
}
