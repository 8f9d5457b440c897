package hashmap

import (
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/cpu"
	"github.com/contendbench/contend/workloads/load"
)

// batch is how many keys workers visit between two gates.
const batch = 256

// A batchRun is workers that visit the same keys in the same order. The first worker at a
// key has the most work there, so the others catch up. They meet again and again without
// a gate at each key.
type batchRun struct {
	workers int
	create  New
	fill    int // keys after which a fresh map starts
	m       table
	first   int        // number of the batch's first key
	left    int        // keys that must be in the map
	got     [][]result // for each worker, what it got for each key of the batch

	_       [cpu.Line]byte
	arrived atomic.Int64
	_       [cpu.Line - 8]byte
	round   atomic.Int64
	over    atomic.Bool // a worker has left for good
	_       [cpu.Line - 12]byte
}

type result struct {
	value uint64
	ok    bool
}

// inBatches runs workers that call visit for every key of a batch. The last to arrive at
// the next gate calls verdict, while no other worker uses the map.
func inBatches(
	t *harness.Trial, create New, visit func(c *batchRun, id, i int) error, verdict func(*batchRun) error,
) error {
	workers := load.Goroutines.Of(t)
	return t.Window(func(w *harness.Window) error {
		c := &batchRun{workers: workers, create: create, fill: size.Of(t), got: make([][]result, workers)}
		w.Go("worker", workers, func(w *harness.Worker) {
			defer c.over.Store(true)
			c.got[w.ID] = make([]result, batch)
			for round := int64(1); w.Next(); round++ {
				if !c.meet(w, round, verdict) {
					w.Undo()
					return
				}
				for i := range batch {
					if err := visit(c, w.ID, i); err != nil {
						w.Fail(err)
					}
				}
			}
		})
		return nil
	})
}

// meet waits until all workers have arrived, and reports whether the round takes place.
// The last to arrive judges the last batch and starts the next.
func (c *batchRun) meet(w *harness.Worker, round int64, verdict func(*batchRun) error) bool {
	if c.arrived.Add(1) < round*int64(c.workers) {
		var s cpu.Spinner
		for c.round.Load() < round {
			if c.over.Load() {
				return false
			}
			s.Turn()
		}
		return true
	}
	if round > 1 {
		if err := verdict(c); err != nil {
			w.Fail(err)
		}
	}
	if c.first += batch; c.m == nil || c.first >= c.fill {
		c.m, c.first, c.left = c.create(), 0, 0
	}
	c.round.Store(round)
	return true
}
