package hashmap

import (
	"errors"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	maps "github.com/contendbench/contend/impls/lockfree/hashmap"
	"github.com/contendbench/contend/workloads/load"
)

// ownWrite has workers store and load. A key that all of them visit is never deleted, so
// a worker finds it after it stored or loaded it. The other keys are the worker's own, so
// it finds what it did last.
var ownWrite = harness.Workload[New]{
	Load: harness.Load{
		Name: "own-write", Turn: "batch of 256 keys",
		About:     "n workers store the same fresh keys, and keys of their own, and load them at once",
		Params:    []harness.AnyParam{load.Goroutines, size},
		Probes:    []impls.Promise{maps.Sized},
		Allocates: true,
		Points: harness.Points{
			Stress: []harness.Grid{
				harness.Over(load.Goroutines.In(2, 3, 8), size.In(256, 1024)),
				harness.Over(harness.Within(load.Goroutines, 2, 32), harness.Within(size, 256, 20_000)),
			},
		},
	},
	Run: func(t *harness.Trial, create New) error {
		return inBatches(t, create, (*batchRun).storeAndLoad, func(c *batchRun) error {
			c.left += batch
			return count(c.m, c.left)
		})
	},
}

// lag is how many keys of its own a worker has in the map.
const lag = 8

var (
	errOwn  = errors.New("a worker did not find what it had just stored or loaded")
	errBack = errors.New("a worker found what it had just deleted")
)

func (c *batchRun) storeAndLoad(id, i int) error {
	if err := c.shared(c.first+i, uint64(id)); err != nil {
		return err
	}
	return c.alone(c.fill+batch*(1+id), i)
}

// shared stores a key that all workers store, and loads it. It stores every second key by
// LoadOrStore.
func (c *batchRun) shared(number int, version uint64) error {
	if m, ok := c.m.(setter); ok && number%2 == 0 {
		want, _ := m.LoadOrStore(key(number), value(number, version))
		return stored(c.m, number, want)
	}
	c.m.Store(key(number), value(number, version))
	got, ok := c.m.Load(key(number))
	if !ok {
		return errOwn
	}
	if numberOf(got) != number {
		return foreign(number, got)
	}
	return nil
}

// alone stores key i of a worker, and deletes the key that it stored lag keys ago. At the
// end of the batch it deletes the rest.
func (c *batchRun) alone(first, i int) error {
	c.m.Store(key(first+i), value(first+i, uint64(i)))
	if err := stored(c.m, first+i, value(first+i, uint64(i))); err != nil {
		return err
	}
	from, to := i-lag, i-lag+1
	if i == batch-1 {
		to = batch
	}
	for old := max(from, 0); old < to; old++ {
		got, ok := c.m.LoadAndDelete(key(first + old))
		if err := same(first+old, got, ok, value(first+old, uint64(old))); err != nil {
			return err
		}
		if _, ok := c.m.Load(key(first + old)); ok {
			return errBack
		}
	}
	return nil
}

// stored returns an error unless the map has a value that the caller has just stored.
func stored(m table, number int, want uint64) error {
	got, ok := m.Load(key(number))
	if !ok {
		return errOwn
	}
	return same(number, got, ok, want)
}
