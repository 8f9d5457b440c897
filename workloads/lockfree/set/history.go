package set

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/history"
	"github.com/contendbench/contend/impls/lockfree/set"
	"github.com/contendbench/contend/workloads/load"
	"github.com/contendbench/contend/workloads/models"
)

// few is how many keys a history is about: neighbours in the list, which get into each other's way.
const few = 3

func recorded(t *harness.Trial, create set.New) error {
	return history.Play(t, models.Set(), create, load.Clients.Of(t), load.Calls.Of(t), func(c *history.Client[models.Membership, bool], s set.Set) {
		key := c.Rand.IntN(few)
		switch c.Rand.IntN(3) {
		case 0:
			c.Do(models.Membership{Op: models.Insert, Key: key}, func() bool { return s.Insert(key) })
		case 1:
			c.Do(models.Membership{Op: models.Remove, Key: key}, func() bool { return s.Remove(key) })
		default:
			c.Do(models.Membership{Op: models.Contains, Key: key}, func() bool { return s.Contains(key) })
		}
	})
}
