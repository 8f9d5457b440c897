package actor

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	actors "github.com/contendbench/contend/impls/actor"
	"github.com/contendbench/contend/workloads/load"
)

// asking has clients that ask one actor. An answer is that to the client's own question.
var asking = harness.Workload[actors.New]{
	Load: harness.Load{
		Name: "ask", Turn: "Ask", About: "n clients ask one actor",
		Params:    []harness.AnyParam{load.Goroutines, dispatchers},
		CurveAxis: load.Goroutines, Allocates: true, WantsFairness: true,
		Needs: []impls.Promise{actors.Asks}, Probes: []impls.Promise{actors.Asks},
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8, 64))},
			Stress:   []harness.Grid{harness.Over(few, fewDispatchers), harness.Over(crowd, fewDispatchers)},
		},
	},
	Run: func(t *harness.Trial, create actors.New) error {
		n := load.Goroutines.Of(t)
		return t.Window(func(w *harness.Window) error {
			system := create(dispatchers.Of(t))
			served := 0
			ref := system.Spawn(props(n, func(c actors.Context, m any) {
				served++
				c.Reply(answerTo(m.(int)))
			}))
			var left, asked atomic.Int64
			left.Store(int64(n))
			w.Go("client", n, func(w *harness.Worker) {
				asked.Add(int64(ask(w, ref)))
				if left.Add(-1) == 0 {
					system.Close()
				}
			})
			w.Check(func() error {
				return errors.Join(differs("questions answered", int64(served), asked.Load()), noDeadLetters(system))
			})
			return nil
		})
	},
}

// answerTo is the answer to a question. No two questions have the same.
func answerTo(question int) int { return ^question }

// ask asks until the window ends, and returns how often. No two clients ask the same.
func ask(w *harness.Worker, ref actors.Ref) (asked int) {
	for w.Next() {
		question := asked<<20 + w.ID
		asked++
		got, err := ref.Ask(context.Background(), question)
		if err != nil {
			w.Fail(fmt.Errorf("asking an actor that has not stopped: %w", err))
			return asked
		}
		if want := answerTo(question); got != want {
			w.Fail(fmt.Errorf("question %d: got answer %v, want %d", question, got, want))
			return asked
		}
	}
	return asked
}
