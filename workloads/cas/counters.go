package cas

import (
	"fmt"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/cas"
	"github.com/contendbench/contend/workloads/load"
)

// choices is how many draws of a counter, and of read or write, a worker goes through again and again.
const choices = 4096

// draws are a worker's choices.
type draws struct {
	cell  [choices]int32
	reads [choices]bool
}

func draw(w *harness.Worker, cells int, share float64) *draws {
	d := new(draws)
	for i := range choices {
		d.cell[i], d.reads[i] = int32(w.Rand().IntN(cells)), w.Rand().Float64() < share
	}
	return d
}

func count(t *harness.Trial, create cas.NewCounter) error {
	n, share, think := cells.Of(t), readPct.Of(t)/100, t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		counters, added := make([]cas.Counter, n), make([]atomic.Int64, n)
		for i := range counters {
			counters[i] = create()
		}
		w.Go("worker", load.Goroutines.Of(t), func(w *harness.Worker) {
			adders, flush := adders(counters)
			mine, last, draws := make([]int64, n), make([]int64, n), draw(w, n, share)
			for turn := 0; w.Next(); turn = (turn + 1) % choices {
				i := draws.cell[turn]
				if draws.reads[turn] {
					sum := counters[i].Load()
					if sum < last[i] {
						w.Fail(fmt.Errorf("a reader saw %d after %d", sum, last[i]))
					}
					last[i] = sum
				} else {
					adders[i].Add(1)
					mine[i]++
				}
				w.Think(think)
			}
			flush()
			for i := range mine {
				added[i].Add(mine[i])
			}
		})
		w.Check(func() error {
			for i := range counters {
				if got, want := counters[i].Load(), added[i].Load(); got != want {
					return fmt.Errorf("the sum is %d after %d additions of 1", got, want)
				}
			}
			return nil
		})
		return nil
	})
}

// adders returns what one goroutine adds by, and what it must call at the end.
func adders(counters []cas.Counter) ([]interface{ Add(int64) }, func()) {
	all := make([]interface{ Add(int64) }, len(counters))
	var kept []cas.Adder
	for i, c := range counters {
		all[i] = c
		if b, ok := c.(cas.Batcher); ok {
			local := b.Local()
			all[i] = local
			kept = append(kept, local)
		}
	}
	return all, func() {
		for _, k := range kept {
			k.Flush()
		}
	}
}

// resets is how often the sum is taken away before the taker gives its processor away.
const resets = 16

func reset(t *harness.Trial, create cas.NewCounter) error {
	think := t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		c := create().(cas.Resetter)
		var added, taken atomic.Int64
		w.Go("worker", load.Goroutines.Of(t), func(w *harness.Worker) {
			mine := int64(0)
			for w.Next() {
				c.Add(1)
				mine++
				w.Think(think)
			}
			added.Add(mine)
		})
		w.Go("taker", 1, func(w *harness.Worker) {
			for turn := uint64(0); w.Next(); turn++ {
				taken.Add(c.Reset())
				load.Yields(turn, resets)
			}
		})
		w.Check(func() error {
			if got := taken.Load() + c.Load(); got != added.Load() {
				return fmt.Errorf("%d of %d additions of 1 were taken or are left", got, added.Load())
			}
			return nil
		})
		return nil
	})
}
