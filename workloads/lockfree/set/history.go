package set

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/history"
	"github.com/contendbench/contend/impls"
	sets "github.com/contendbench/contend/impls/lockfree/set"
	"github.com/contendbench/contend/workloads/load"
	"github.com/contendbench/contend/workloads/models"
)

// histories plays short histories of few keys, which are neighbors in a list.
var histories = harness.Workload[sets.New]{
	Load: harness.Load{
		Name: "history", Turn: "history",
		About:  "short histories of calls for three keys; some order of the calls must explain each",
		Params: load.History,
		Needs:  []impls.Promise{impls.Linearizable}, Probes: []impls.Promise{impls.Linearizable},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(load.Clients.In(2, 3, 4))}},
	},
	Run: runHistories,
}

// few is the number of keys of a history.
const few = 3

func runHistories(t *harness.Trial, create sets.New) error {
	shape := history.Shape{Clients: load.Clients.Of(t), Calls: load.Calls.Of(t)}
	return history.Play(t, shape, models.Set().Check, create, turn)
}

func turn(c *history.Client[models.Membership, bool], s sets.Set) {
	key := c.Rand.IntN(few)
	switch c.Rand.IntN(3) {
	case 0:
		c.Do(models.Membership{Op: models.Insert, Key: key}, func() bool { return s.Insert(key) })
	case 1:
		c.Do(models.Membership{Op: models.Remove, Key: key}, func() bool { return s.Remove(key) })
	default:
		c.Do(models.Membership{Op: models.Contains, Key: key}, func() bool { return s.Contains(key) })
	}
}
