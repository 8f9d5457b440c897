package actor

import (
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/load"
)

// roundTrip has clients that send to one receiver, an actor or a plain channel, and wait
// for its answer on a channel of their own.
var roundTrip = harness.Workload[newInbox]{
	Load: harness.Load{
		Name: "round-trip", Turn: "message and answer",
		About:     "n clients send to one actor, or to a plain channel, and wait for the answer",
		Params:    []harness.AnyParam{load.Goroutines, dispatchers},
		CurveAxis: load.Goroutines, Allocates: true, WantsFairness: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(load.Goroutines.In(1, 2, 8, 64))},
			Stress:   []harness.Grid{harness.Over(few, fewDispatchers), harness.Over(crowd, fewDispatchers)},
		},
	},
	Run: func(t *harness.Trial, create newInbox) error {
		n := load.Goroutines.Of(t)
		return t.Window(func(w *harness.Window) error {
			var left atomic.Int64
			left.Store(int64(n))
			served := 0
			box := create(dispatchers.Of(t), n, func(m any) {
				q := m.(*question)
				q.number = -q.number
				served++
				q.answers <- q
			})
			asked := make([]int, n)
			w.Go("client", n, func(w *harness.Worker) {
				asked[w.ID] = askPlainly(w, box)
				if left.Add(-1) == 0 {
					box.Close()
				}
			})
			w.Check(func() error {
				all := 0
				for _, n := range asked {
					all += n
				}
				return differs("questions answered", served, all)
			})
			return nil
		})
	},
}

// question is a message that comes back as the answer.
type question struct {
	number  int
	answers chan *question
}

// askPlainly asks until the window ends, and returns how often.
func askPlainly(w *harness.Worker, box inbox) (asked int) {
	q := &question{answers: make(chan *question, 1)}
	for w.Next() {
		asked++
		q.number = asked
		if !box.Tell(q) {
			w.Fail(errors.New("a mailbox with room refused a message"))
			return asked
		}
		if a := <-q.answers; a != q || a.number != -asked {
			w.Fail(fmt.Errorf("got answer %d to question %d", a.number, asked))
			return asked
		}
	}
	return asked
}
