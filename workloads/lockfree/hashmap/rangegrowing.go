package hashmap

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/load"
)

// rangeGrowing ranges over a map by two goroutines while n others fill it, and then delete
// some of their keys. A Range visits every key once that was there from its start to its
// end, and no key twice. A deletion may move a key that stays. Many come in a row, and
// start while a Range rests between two keys. Every second Range ends early.
var rangeGrowing = harness.Workload[New]{
	Load: harness.Load{
		Name: "range-growing", Turn: "growth", About: "two goroutines range while n others fill the map and delete some keys",
		Params: []harness.AnyParam{load.Goroutines, size}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(load.Goroutines, 1, 8), harness.Within(size, 10, 20_000)),
		}},
	},
	Accepts: isMap[uint64, uint64],
	Run: func(t *harness.Trial, create New) error {
		n := load.Goroutines.Of(t)
		share := max(size.Of(t)/n, 1)
		return load.Rounds(t, func(rng *rand.Rand) error {
			g := &growth{
				m: create(), share: share, deletes: rng.IntN(share + 1), newestFirst: rng.IntN(2) == 0,
				writers: make([]progress, n),
			}
			return g.play(rng)
		})
	},
}

// A growth is one map that grows and shrinks while it is ranged over.
type growth struct {
	m           table
	share       int // keys of each writer
	deletes     int // how many of them it deletes in the end
	newestFirst bool
	writers     []progress
	resting     atomic.Int64 // Ranges of the full map that rest
}

// progress is how far a writer is. Its deletions count from their starts.
type progress struct{ stored, deleting atomic.Int64 }

// write fills the map with keys of a writer, and deletes some of them.
func (g *growth) write(id int) error {
	first, p := id*g.share, &g.writers[id]
	for number := first; number < first+g.share; number++ {
		g.m.Store(key(number), value(number, 0))
		p.stored.Add(1)
	}
	for start := time.Now(); g.resting.Load() == 0 && time.Since(start) < patience; {
		runtime.Gosched()
	}
	for i := range g.deletes {
		p.deleting.Add(1)
		number := first + g.place(i)
		got, ok := g.m.LoadAndDelete(key(number))
		if err := same(number, got, ok, value(number, 0)); err != nil {
			return err
		}
	}
	return nil
}

// patience is how long a writer waits for a Range that rests.
const patience = 4 * load.ArrivalGap

// place converts between the places of a key in the orders of storing and of deleting.
func (g *growth) place(i int) int {
	if g.newestFirst {
		return g.share - 1 - i
	}
	return i
}

func (g *growth) play(rng *rand.Rand) error {
	var writers, rangers sync.WaitGroup
	var ended atomic.Bool
	failed := make([]error, len(g.writers))
	for id := range g.writers {
		writers.Go(func() { failed[id] = g.write(id) })
	}
	var errs [2]error
	for i := range errs {
		early := 1 + rng.IntN(g.share*len(g.writers)) // where this ranger rests, or ends
		rangers.Go(func() { errs[i] = g.rangeUntil(&ended, early) })
	}
	writers.Wait()
	ended.Store(true)
	rangers.Wait()
	return errors.Join(append(failed, errs[:]...)...)
}

// rangeUntil ranges over the map until it changes no more, and once more.
func (g *growth) rangeUntil(ended *atomic.Bool, early int) error {
	seen := make([]int, g.share*len(g.writers)) // for each key, the last Range that visited it
	for round, last := 1, false; !last; round++ {
		last = ended.Load()
		if err := g.visit(seen, round, early); err != nil {
			return err
		}
		if err := g.stop(early); err != nil {
			return err
		}
		runtime.Gosched()
	}
	return nil
}

// visit is a Range over all keys. It rests at one of them if the map was full at its start.
func (g *growth) visit(seen []int, round, rest int) (err error) {
	visits, full := 0, true
	stored, deleted := make([]int64, len(g.writers)), make([]int64, len(g.writers))
	for id := range g.writers {
		p := &g.writers[id]
		deleted[id] = p.deleting.Load() - 1 // the last one may be in progress
		stored[id] = p.stored.Load()
		full = full && stored[id] == int64(g.share)
	}
	g.m.Range(func(k, v uint64) bool {
		if visits++; visits == rest && full {
			g.resting.Add(1)
			load.Gap()
			g.resting.Add(-1)
		}
		number := numberOf(v)
		switch {
		case number >= len(seen) || k != key(number):
			err = fmt.Errorf("a Range visited key %#x, which is not that of its value %#x", k, v)
		case seen[number] == round:
			err = fmt.Errorf("a Range visited key %d twice while the map changed", number)
		case int64(g.place(number%g.share)) < deleted[number/g.share]:
			err = fmt.Errorf("a Range visited key %d, which had been deleted before its start", number)
		default:
			seen[number] = round
		}
		return err == nil
	})
	for id, n := range stored {
		deleting := g.writers[id].deleting.Load()
		for i := range int(n) {
			number, stayed := id*g.share+i, int64(g.place(i)) >= deleting
			if err == nil && stayed && seen[number] != round {
				err = fmt.Errorf("a Range did not visit key %d, which was there from its start to its end", number)
			}
		}
	}
	return err
}

// stop is a Range that ends at its n-th call, if the map has as many keys.
func (g *growth) stop(n int) error {
	calls := 0
	g.m.Range(func(uint64, uint64) bool {
		calls++
		return calls < n
	})
	if calls > n {
		return fmt.Errorf("a Range made %d calls, and the call with number %d returned false", calls, n)
	}
	return nil
}
