package hashmap

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/history"
	"github.com/contendbench/contend/impls"
	maps "github.com/contendbench/contend/impls/lockfree/hashmap"
	"github.com/contendbench/contend/workloads/load"
	"github.com/contendbench/contend/workloads/models"
)

// histories plays short histories of few keys.
var histories = harness.Workload[New]{
	Load: harness.Load{
		Name: "history", Turn: "history",
		About:  "short histories of calls for three keys; some order of the calls must explain each",
		Params: load.History,
		Needs:  []impls.Promise{impls.Linearizable},
		Probes: []impls.Promise{impls.Linearizable, maps.SetOnce},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(load.Clients.In(2, 3, 4))}},
	},
	Run: runHistories,
}

// few is the number of keys of a history, so that calls meet.
const few = 3

func runHistories(t *harness.Trial, create New) error {
	shape := history.Shape{Clients: load.Clients.Of(t), Calls: load.Calls.Of(t)}
	return history.Play(t, shape, models.Map().Check, create, turn)
}

func turn(c *history.Client[models.Access, models.Result], m table) {
	a := models.Access{Key: c.Rand.IntN(few), Value: 1 + c.Rand.IntN(100)}
	k := key(a.Key + 1)
	s, once := m.(setter)
	switch r := c.Rand.IntN(4); {
	case r == 0:
		a.Op, a.Value = models.Load, 0
		c.Do(a, func() models.Result { return found(m.Load(k)) })
	case r == 1:
		a.Op, a.Value = models.LoadAndDelete, 0
		c.Do(a, func() models.Result { return found(m.LoadAndDelete(k)) })
	case r == 2 && once:
		a.Op = models.LoadOrStore
		c.Do(a, func() models.Result {
			v, loaded := s.LoadOrStore(k, uint64(a.Value))
			return models.Result{Value: int(v), OK: loaded}
		})
	default:
		a.Op = models.Store
		c.Do(a, func() models.Result {
			m.Store(k, uint64(a.Value))
			return models.Result{}
		})
	}
}

// found is what a call returned. A value that comes with false means nothing.
func found(value uint64, ok bool) models.Result {
	if !ok {
		return models.Result{}
	}
	return models.Result{Value: int(value), OK: true}
}
