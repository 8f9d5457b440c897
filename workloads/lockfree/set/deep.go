package set

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	sets "github.com/contendbench/contend/impls/lockfree/set"
	"github.com/contendbench/contend/workloads/load"
)

// deep fills a set with many keys and empties it. The workers insert the greatest key
// first and remove the least first, so that a call for a list is short.
var deep = harness.Workload[sets.New]{
	Load: harness.Load{
		Name: "deep", Turn: "fill and empty", About: "n workers fill the set with many keys, and remove all of them",
		Params: []harness.AnyParam{load.Goroutines, deepKeys}, Allocates: true, Lasting: true,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(load.Goroutines, 1, 8), harness.Within(deepKeys, 2, 20_000)),
		}},
	},
	Accepts: isSet,
	Run: func(t *harness.Trial, create sets.New) error {
		n, keys := load.Goroutines.Of(t), deepKeys.Of(t)
		return t.Window(func(w *harness.Window) error {
			s := create()
			w.Go("round", 1, func(w *harness.Worker) {
				for w.Next() {
					fillAndEmpty(w, s, n, keys)
				}
			})
			return nil
		})
	},
}

var deepKeys = harness.Param[int]{
	Key: "deep-keys", About: "keys that fill the set, 1 to 1000000", Default: 10_000, Valid: harness.Between(1, 1_000_000),
}

// fillAndEmpty lets n goroutines insert some keys and remove them. Keys are on both sides
// of zero, have more than 32 bits, and differ irregularly.
func fillAndEmpty(w *harness.Worker, s sets.Set, n, keys int) {
	key := func(rank int) int { return (rank-keys/2)<<20 | int(uint64(rank*rank)*0x9e3779b97f4a7c15>>44) }
	crowd(n, keys, func(i int) {
		s.Contains(key(keys - 2 - i)) // another goroutine inserts it now
		if k := key(keys - 1 - i); !s.Insert(k) {
			w.Fail(fmt.Errorf("an Insert of key %d into a set without it returned false, with about %d keys in it", k, i))
		} else if !s.Contains(k) {
			w.Fail(fmt.Errorf("key %d is missing after its Insert, and no goroutine removes it", k))
		}
	})
	crowd(n, keys, func(i int) {
		if k := key(i); !s.Contains(k) || !s.Remove(k) || s.Contains(k) {
			w.Fail(fmt.Errorf("key %d was lost among %d keys, or came back", k, keys-i))
		}
	})
}

// crowd lets n goroutines draw the numbers below count in turn.
func crowd(n, count int, do func(i int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range n {
		group.Go(func() {
			for i := int(next.Add(1) - 1); i < count; i = int(next.Add(1) - 1) {
				do(i)
			}
		})
	}
	group.Wait()
}
