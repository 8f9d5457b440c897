package cas

import (
	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/history"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/cas/multiword"
	"github.com/contendbench/contend/workloads/load"
	"github.com/contendbench/contend/workloads/models"
)

// wordsHistory records histories of loads and swaps. Every implementation runs under it,
// since the contract itself asks for swaps at one instant, and for none that fails
// without a reason.
var wordsHistory = harness.Workload[multiword.New]{
	Load: harness.Load{
		Name: "words-history", Turn: "history",
		About:  "short histories of loads and swaps of several words must be linearizable",
		Params: load.History,
		Probes: []impls.Promise{impls.Linearizable},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(load.Clients.In(2, 3, 4))}},
	},
	Run: func(t *harness.Trial, newWords multiword.New) error {
		shape := history.Shape{Clients: load.Clients.Of(t), Calls: load.Calls.Of(t)}
		fresh := func() multiword.MultiWord { return newWords(historyWords) }
		return history.Play(t, shape, models.Array().Check, fresh, callWords)
	},
}

const (
	historyWords  = 3
	historyValues = 2 // few, so that many swaps succeed and values come back
)

// wordsClient is a client of a history of words.
type wordsClient = history.Client[models.Words, models.Result]

// callWords loads a word or swaps some of them.
func callWords(c *wordsClient, shared multiword.MultiWord) {
	if c.Rand.IntN(3) == 0 {
		place := c.Rand.IntN(historyWords)
		c.Do(models.Words{Place: place}, func() models.Result {
			return models.Result{Value: valueOf(shared.Load(place)), OK: true}
		})
		return
	}
	chosen := 1 + c.Rand.IntN(1<<historyWords-1) // a bit for each word
	var call models.Words
	var swaps []multiword.Swap
	for place := range historyWords {
		if chosen>>place&1 == 0 {
			continue
		}
		old, value := c.Rand.IntN(historyValues), c.Rand.IntN(historyValues)
		call.Swaps = append(call.Swaps, models.WordSwap{Place: place, Old: old, New: value})
		swaps = append(swaps, multiword.Swap{Place: place, Old: wordOf(old), New: wordOf(value)})
	}
	c.Do(call, func() models.Result { return models.Result{OK: shared.CompareAndSwap(swaps)} })
}

// wordOf is the word that represents a small number: its low 32 bits are always 0.
func wordOf(v int) uint64 { return uint64(v) << 32 }

// valueOf is the number that a word represents, or -1.
func valueOf(word uint64) int {
	if v := int(word >> 32); wordOf(v) == word {
		return v
	}
	return -1
}
