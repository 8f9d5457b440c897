package cas

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/history"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/cas/counter"
	"github.com/contendbench/contend/workloads/load"
	"github.com/contendbench/contend/workloads/models"
)

// countHistory records histories of a counter.
var countHistory = harness.Workload[counter.New]{
	Load: harness.Load{
		Name: "count-history", Turn: "history", About: "short histories of additions and loads must be linearizable",
		Params: load.History,
		Needs:  []impls.Promise{impls.Linearizable}, Probes: []impls.Promise{impls.Linearizable},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(load.Clients.In(2, 3, 4))}},
	},
	Run: func(t *harness.Trial, newCounter counter.New) error {
		shape := history.Shape{Clients: load.Clients.Of(t), Calls: load.Calls.Of(t)}
		return history.Play(t, shape, models.Register().Check, newCounter, callCounter)
	},
}

// resetHistory records histories of a counter that starts again.
var resetHistory = harness.Workload[counter.New]{
	Load: harness.Load{
		Name: "reset-history", Turn: "history", About: "short histories of additions, loads and resets must be linearizable",
		Params: load.History,
		Needs:  []impls.Promise{impls.Linearizable, counter.Resettable},
		Probes: []impls.Promise{impls.Linearizable, counter.Resettable},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(load.Clients.In(2, 3, 4))}},
	},
	Run: func(t *harness.Trial, newCounter counter.New) error {
		shape := history.Shape{Clients: load.Clients.Of(t), Calls: load.Calls.Of(t)}
		return history.Play(t, shape, models.Register().Check, newCounter, func(c *client, shared counter.Counter) {
			if c.Rand.IntN(3) > 0 {
				callCounter(c, shared)
				return
			}
			c.Do(models.Access{Op: models.Reset}, func() models.Result {
				return models.Result{Value: int(shared.(counter.Resetter).Reset()), OK: true}
			})
		})
	},
}

func callCounter(c *client, shared counter.Counter) {
	if c.Rand.IntN(3) == 0 {
		c.Do(models.Access{Op: models.Load}, func() models.Result {
			return models.Result{Value: int(shared.Load()), OK: true}
		})
		return
	}
	delta := 1 + c.Rand.IntN(3)
	c.Do(models.Access{Op: models.Add, Value: delta}, func() models.Result {
		shared.Add(int64(delta))
		return models.Result{}
	})
}
