package hashmap

import (
	"runtime"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/load"
)

// batch is how many keys a crowd goes through between two gates.
const batch = 256

// A crowd is workers that go through the same keys in the same order. Who comes to a key first has the most work there, so that
// the others catch up with him: they meet again and again without a gate at each key.
type crowd struct {
	workers int
	create  New
	fill    int // keys after which a fresh map begins
	m       table
	first   int        // number of the batch's first key
	left    int        // keys that must be in the map
	got     [][]result // of each worker, what it got for each key of the batch

	_       [128]byte
	arrived atomic.Int64
	_       [120]byte
	round   atomic.Int64
	over    atomic.Bool // somebody has left for good
	_       [119]byte
}

type result struct {
	value uint64
	ok    bool
}

// together runs a crowd: each worker calls visit for every key of a batch, and the last to arrive at the next gate calls verdict, while
// nobody else is in the map.
func together(t *harness.Trial, create New, visit func(c *crowd, id, i int) error, verdict func(*crowd) error) error {
	workers := load.Goroutines.Of(t)
	return t.Window(func(w *harness.Window) error {
		c := &crowd{workers: workers, create: create, fill: size.Of(t), got: make([][]result, workers)}
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

// meet waits until all have arrived, and reports whether the round is played. The last to arrive judges the last batch and begins
// the next.
func (c *crowd) meet(w *harness.Worker, round int64, verdict func(*crowd) error) bool {
	if c.arrived.Add(1) < round*int64(c.workers) {
		for turn := 1; c.round.Load() < round; turn++ {
			if c.over.Load() {
				return false
			}
			if turn%64 == 0 {
				runtime.Gosched()
			}
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
