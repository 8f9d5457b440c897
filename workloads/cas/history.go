package cas

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/history"
	"github.com/contendbench/contend/impls/cas"
	"github.com/contendbench/contend/workloads/load"
	"github.com/contendbench/contend/workloads/models"
)

type client = history.Client[models.Access, models.Result]

func counterHistory(t *harness.Trial, create cas.NewCounter) error {
	return history.Play(t, models.Register(), create, load.Clients.Of(t), load.Calls.Of(t), func(c *client, counter cas.Counter) {
		if c.Rand.IntN(3) == 0 {
			c.Do(models.Access{Op: models.Load}, func() models.Result { return models.Result{Value: int(counter.Load()), OK: true} })
			return
		}
		delta := 1 + c.Rand.IntN(3)
		c.Do(models.Access{Op: models.Add, Value: delta}, func() models.Result {
			counter.Add(int64(delta))
			return models.Result{}
		})
	})
}

// recordOf is a record that stands for a small number.
func recordOf(v int) cas.Record { return cas.Record{uint64(v), 0, 0, uint64(v)} }

// most is how many values a record of a history takes, so that one comes back now and then.
const most = 4

func recordHistory(t *harness.Trial, create cas.NewCell[cas.Record]) error {
	fresh := func() cas.Cell[cas.Record] { return create(recordOf(0)) }
	return history.Play(t, models.Register(), fresh, load.Clients.Of(t), load.Calls.Of(t), func(c *client, cell cas.Cell[cas.Record]) {
		value := c.Rand.IntN(most)
		switch c.Rand.IntN(3) {
		case 0:
			c.Do(models.Access{Op: models.Load}, func() models.Result { return models.Result{Value: int(cell.Load()[3]), OK: true} })
		case 1:
			old := c.Rand.IntN(most)
			c.Do(models.Access{Op: models.CompareAndSwap, Old: old, Value: value}, func() models.Result {
				return models.Result{OK: cell.CompareAndSwap(recordOf(old), recordOf(value))}
			})
		default:
			c.Do(models.Access{Op: models.AddAndLoad, Value: 1}, func() models.Result {
				r := cell.Update(func(r cas.Record) cas.Record { return recordOf(int(r[0]) + 1) })
				return models.Result{Value: int(r[0]), OK: true}
			})
		}
	})
}
