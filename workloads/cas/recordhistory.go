package cas

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/history"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/cas/cell"
	"github.com/contendbench/contend/workloads/load"
	"github.com/contendbench/contend/workloads/models"
)

// recordHistory records histories of a cell. Every cell runs under it, since the contract
// itself asks for calls that take effect at one instant.
var recordHistory = harness.Workload[cell.New[cell.Record]]{
	Load: harness.Load{
		Name: "record-history", Turn: "history",
		About:  "short histories of loads, swaps and updates must be linearizable",
		Params: load.History,
		Probes: []impls.Promise{impls.Linearizable},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(load.Clients.In(2, 3, 4))}},
	},
	Run: func(t *harness.Trial, newCell cell.New[cell.Record]) error {
		shape := history.Shape{Clients: load.Clients.Of(t), Calls: load.Calls.Of(t)}
		fresh := func() cell.Cell[cell.Record] { return newCell(recordOf(0)) }
		return history.Play(t, shape, models.Register().Check, fresh, callCell)
	},
}

// values is how many values a record of a history takes: few, so that values come back.
const values = 4

func callCell(c *client, shared cell.Cell[cell.Record]) {
	value := c.Rand.IntN(values)
	switch c.Rand.IntN(3) {
	case 0:
		c.Do(models.Access{Op: models.Load}, func() models.Result {
			return models.Result{Value: int(shared.Load()[3]), OK: true}
		})
	case 1:
		old := c.Rand.IntN(values)
		c.Do(models.Access{Op: models.CompareAndSwap, Old: old, Value: value}, func() models.Result {
			return models.Result{OK: shared.CompareAndSwap(recordOf(old), recordOf(value))}
		})
	default:
		c.Do(models.Access{Op: models.AddAndLoad, Value: 1}, func() models.Result {
			r := shared.Update(func(r cell.Record) cell.Record { return recordOf(int(r[0]) + 1) })
			return models.Result{Value: int(r[0]), OK: true}
		})
	}
}

// recordOf is a record that represents a small number, in its first and in its last word.
func recordOf(v int) cell.Record { return cell.Record{uint64(v), 0, 0, uint64(v)} }
