package future

import (
	"github.com/contendbench/contend/harness"
	futures "github.com/contendbench/contend/impls/future"
	"github.com/contendbench/contend/workloads/load"
)

// ask has clients send questions to servers through a channel, with a promise for each
// answer.
var ask = harness.Workload[New]{
	Load: harness.Load{
		Name: "ask", Turn: "question", About: "clients send questions with a promise to servers, and wait for the answer",
		Params:    []harness.AnyParam{load.Goroutines, servers},
		CurveAxis: load.Goroutines, Allocates: true,
		Points: harness.Points{
			Quick:    []harness.Grid{harness.Over(load.Goroutines.In(8))},
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8, 64, 512), servers.In(1, 2))},
			Stress: []harness.Grid{
				harness.Over(few, servers.In(1, 2)), harness.Over(harness.Within(load.Goroutines, 3, 1200), servers.In(2)),
			},
		},
	},
	Run: runAsk,
}

var servers = harness.Param[int]{
	Key: "servers", About: "goroutines that answer, 1 to 1000", Default: 2, Valid: harness.Between(1, 1000), Crowd: true,
}

// A question asks for twice its number.
type question struct {
	number float64
	answer futures.Promise[Value]
}

// questionRoom is how many questions wait for a server before a client waits.
const questionRoom = 64

func runAsk(t *harness.Trial, newPromise New) error {
	n, m := load.Goroutines.Of(t), servers.Of(t)
	return t.Window(func(w *harness.Window) error {
		questions := make(chan question, questionRoom)
		w.Go("client", n, func(w *harness.Worker) {
			for number := 1.0; w.Next(); number++ {
				q := question{number, newPromise()}
				questions <- q
				if v, ok := get(w, q.answer); ok && (v.Number != 2*number || !v.whole()) {
					w.Fail(errAnother)
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
				if !q.answer.Resolve(made(2 * q.number)) {
					w.Fail(errRefused)
				}
			}
		}, harness.After("client"))
		return nil
	})
}
