package queue

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/history"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/lockfree/queue"
	"github.com/contendbench/contend/workloads/load"
	"github.com/contendbench/contend/workloads/models"
)

// room is the capacity of a bounded queue in a history: so small that it is full now and then.
const room = 2

// historyOf is the workload of histories for one row: its promises say who may put in and take out, and whether full and empty must
// have a reason.
func historyOf(i row) harness.Workload[queue.New[uint64]] {
	return harness.Workload[queue.New[uint64]]{
		Name: "history", Op: "history", About: "short histories, of which some order must explain each", Params: load.History,
		Stress: []harness.Grid{harness.Over(load.Clients.In(2, 3, 4))},
		Run:    func(t *harness.Trial, create queue.New[uint64]) error { return play(t, create, i.Has) },
	}
}

type client = history.Client[models.Put, models.Result]

func play(t *harness.Trial, create queue.New[uint64], has func(impls.Promise) bool) error {
	clients, calls := load.Clients.Of(t), load.Calls.Of(t)
	if !has(impls.MultiProducer) && !has(impls.MultiConsumer) {
		clients = min(clients, 2)
	}
	capacity, limit := room, room
	if has(impls.Waits) {
		capacity, limit = clients*calls, 0
	}
	if has(impls.Unbounded) {
		limit = 0
	}
	model := models.Queue(limit, has(impls.Linearizable))
	fresh := func() *shared { return &shared{create(capacity), make([]balance, clients)} }
	return history.Play(t, model, fresh, clients, calls, func(c *client, s *shared) {
		mine := &s.balances[c.ID]
		puts := has(impls.MultiProducer) || c.ID == 0
		takes := has(impls.MultiConsumer) || c.ID == clients-1
		if has(impls.Waits) { // or it could wait for ever for what nobody puts in
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
			c.Do(models.Put{In: true, Value: v}, func() models.Result { return models.Result{OK: s.queue.Enqueue(uint64(v))} })
		}
	})
}

// shared is the subject of one history.
type shared struct {
	queue    queue.Queue[uint64]
	balances []balance
}

// balance counts a client's calls.
type balance struct{ puts, takes int }
