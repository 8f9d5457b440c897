package set

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/load"
)

// choices is how many calls a worker draws before a window; it repeats them.
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

// prime is above every range, so its multiples by the ranks of a range have distinct
// remainders.
const prime = 2654435761

// scatter spreads the ranks of a skewed choice over the range. Otherwise all frequent
// keys would be at one end of a list.
func scatter(rank int32, keys int) int32 { return int32(uint64(rank) * prime % uint64(keys)) }

// draw draws a worker's calls. A share of them are updates: inserts and removes, as many
// of each.
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
