package hashmap

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/load"
)

// rangeGrowing ranges over a map by two goroutines while n others insert keys and it
// grows. A Range visits every key once that was there at its start, and no key twice.
// Every second Range ends early.
var rangeGrowing = harness.Workload[New]{
	Load: harness.Load{
		Name: "range-growing", Turn: "growth", About: "two goroutines range while n others fill the map",
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
			g := &growth{m: create(), share: share, done: make([]atomic.Int64, n)}
			return g.play(rng)
		})
	},
}

// A growth is one map that grows while it is ranged over.
type growth struct {
	m     table
	share int            // keys of each writer
	done  []atomic.Int64 // keys that each writer has stored
}

func (g *growth) play(rng *rand.Rand) error {
	var writers, rangers sync.WaitGroup
	var ended atomic.Bool
	for id := range g.done {
		writers.Go(func() {
			for i := range g.share {
				number := id*g.share + i
				g.m.Store(key(number), value(number, 0))
				g.done[id].Add(1)
			}
		})
	}
	var errs [2]error
	for i := range errs {
		early := 1 + rng.IntN(g.share*len(g.done)) // where this ranger ends early
		rangers.Go(func() { errs[i] = g.rangeUntil(&ended, early) })
	}
	writers.Wait()
	ended.Store(true)
	rangers.Wait()
	return errors.Join(errs[:]...)
}

// rangeUntil ranges over the map until it grows no more, and once more.
func (g *growth) rangeUntil(ended *atomic.Bool, early int) error {
	seen := make([]int, g.share*len(g.done)) // for each key, the last Range that visited it
	for round, last := 1, false; !last; round++ {
		last = ended.Load()
		if err := g.visit(seen, round); err != nil {
			return err
		}
		if err := g.stop(early); err != nil {
			return err
		}
		runtime.Gosched()
	}
	return nil
}

// visit is a Range over all keys.
func (g *growth) visit(seen []int, round int) (err error) {
	there := make([]int64, len(g.done))
	for id := range g.done {
		there[id] = g.done[id].Load()
	}
	g.m.Range(func(k, v uint64) bool {
		number := numberOf(v)
		switch {
		case number >= len(seen) || k != key(number):
			err = fmt.Errorf("a Range visited key %#x, which is not that of its value %#x", k, v)
		case seen[number] == round:
			err = fmt.Errorf("a Range visited key %d twice while the map grew", number)
		default:
			seen[number] = round
		}
		return err == nil
	})
	for id, n := range there {
		for i := range int(n) {
			if number := id*g.share + i; err == nil && seen[number] != round {
				err = fmt.Errorf("a Range did not visit key %d, which was there at its start", number)
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
