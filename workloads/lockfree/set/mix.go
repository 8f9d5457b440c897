package set

import (
	"fmt"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/lockfree/set"
	"github.com/contendbench/contend/workloads/load"
)

// choices is how many calls a worker goes through again and again.
const choices = 4096

// A call is what a worker does in a turn.
type call struct {
	key int32
	do  op
}

type op uint8

const (
	contains op = iota
	insert
	remove
)

// prime is above every range, so that multiples of it by all ranks below a range leave all different rests.
const prime = 2654435761

// scatter spreads the ranks of a skewed choice over the range, or all keys that are chosen often would stand at one end of the list.
func scatter(rank int32, keys int) int32 { return int32(uint64(rank) * prime % uint64(keys)) }

func draw(w *harness.Worker, keys load.Zipf, updates float64) []call {
	calls := make([]call, choices)
	for i, rank := range keys.Draw(w.Rand(), choices) {
		calls[i].key = scatter(rank, len(keys))
		if w.Rand().Float64() < updates {
			calls[i].do = insert + op(w.Rand().IntN(2))
		}
	}
	return calls
}

// A worker's ledger is how often each key went in more than out, by those who were told that they did it.
type ledger []int64

func (l ledger) do(s set.Set, c call) {
	switch c.do {
	case insert:
		if s.Insert(int(c.key)) {
			l[c.key]++
		}
	case remove:
		if s.Remove(int(c.key)) {
			l[c.key]--
		}
	default:
		s.Contains(int(c.key))
	}
}

func mix(t *harness.Trial, create set.New) error {
	n, keys, updates, think := load.Goroutines.Of(t), keyRange.Of(t), updatePct.Of(t)/100, t.Spins(load.Think.Of(t))
	zipf := load.NewZipf(keys, load.Theta.Of(t)) // once for all windows and workers
	return t.Window(func(w *harness.Window) error {
		s, net := create(), make([]atomic.Int64, keys)
		for key := keys - 2 + keys%2; key >= 0; key -= 2 { // from the end, so that a list is not searched
			if !s.Insert(key) {
				return fmt.Errorf("key %d was in the empty set", key)
			}
			net[key].Store(1)
		}
		w.Go("worker", n, func(w *harness.Worker) {
			calls, mine := draw(w, zipf, updates), make(ledger, keys)
			for turn := 0; w.Next(); turn = (turn + 1) % choices {
				mine.do(s, calls[turn])
				w.Think(think)
			}
			for key := range mine {
				net[key].Add(mine[key])
			}
		})
		w.Check(func() error {
			for key := range net {
				if in, there := net[key].Load(), s.Contains(key); in != 0 && in != 1 || there != (in == 1) {
					return fmt.Errorf("key %d went in %d times more than out, and that it is there is %t", key, in, there)
				}
			}
			return nil
		})
		return nil
	})
}
