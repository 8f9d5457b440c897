package queue

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/history"
	"github.com/contendbench/contend/impls"
	queues "github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
	"github.com/contendbench/contend/workloads/models"
)

// histories plays short histories. The queue's promises say which clients may put in and
// take out, and whether full and empty need a reason.
var histories = harness.Workload[queues.New[uint64]]{
	Load: harness.Load{
		Name: "history", Turn: "history", About: "short histories; some order of the calls must explain each",
		Params: load.History,
		Probes: []impls.Promise{queues.MultiProducer, queues.MultiConsumer, impls.Linearizable},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(load.Clients.In(2, 3, 4))}},
	},
	Run: runHistories,
}

type client = history.Client[models.Put, models.Result]

// A subject is the queue of one history.
type subject struct {
	queue    queues.Queue[uint64]
	balances []balance
}

// balance counts a client's calls.
type balance struct{ puts, takes int }

func runHistories(t *harness.Trial, create queues.New[uint64]) error {
	manyIn, manyOut := t.Promises(queues.MultiProducer), t.Promises(queues.MultiConsumer)
	waits := t.Promises(queues.Waits)
	shape := history.Shape{Clients: load.Clients.Of(t), Calls: load.Calls.Of(t)}
	if !manyIn && !manyOut {
		shape.Clients = min(shape.Clients, 2)
	}
	capacity, limit := room, room
	if waits { // a client that waits for room may wait forever
		capacity, limit = shape.Clients*shape.Calls, 0
	}
	if t.Promises(impls.Unbounded) {
		limit = 0
	}
	model := models.Queue(limit, t.Promises(impls.Linearizable))
	fresh := func() *subject { return &subject{create(capacity), make([]balance, shape.Clients)} }
	return history.Play(t, shape, model.Check, fresh, func(c *client, s *subject) {
		mine := &s.balances[c.ID]
		puts := manyIn || c.ID == 0
		takes := manyOut || c.ID == shape.Clients-1
		if waits { // a client that takes out more than it put in may wait forever
			takes = takes && mine.puts > mine.takes
		}
		switch {
		case takes && (!puts || c.Rand.IntN(2) == 0):
			mine.takes++
			c.Do(models.Put{}, func() models.Result {
				v, ok := s.queue.Dequeue()
				return models.Result{Value: int(v), OK: ok}
			})
		case puts:
			mine.puts++
			v := 100*(c.ID+1) + mine.puts
			c.Do(models.Put{In: true, Value: v}, func() models.Result {
				return models.Result{OK: s.queue.Enqueue(uint64(v))}
			})
		}
	})
}
