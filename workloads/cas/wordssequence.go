package cas

import (
	"fmt"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/cas/multiword"
	"github.com/contendbench/contend/workloads/load"
)

// wordsSequence calls an array from one goroutine, with extreme words, and compares it
// with a slice.
var wordsSequence = harness.Workload[multiword.New]{
	Load: harness.Load{
		Name: "words-sequence", Turn: "40 calls",
		About:  "one goroutine swaps extreme words, which must be as a slice of them",
		Params: []harness.AnyParam{words},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(harness.Within(words, 2, 300))}},
	},
	Run: func(t *harness.Trial, newWords multiword.New) error {
		size := words.Of(t)
		return load.Rounds(t, func(rng *rand.Rand) error {
			s := &wordsAndSlice{rng: rng, words: newWords(size), want: make([]uint64, size)}
			for range sequenceCalls {
				if err := s.call(); err != nil {
					return err
				}
			}
			return nil
		})
	},
}

// wordsAndSlice is an array of words, and the slice that it must be as.
type wordsAndSlice struct {
	rng   *rand.Rand
	words multiword.MultiWord
	want  []uint64
}

// widest is the most words of a call.
const widest = 64

// call swaps some words, of which one may have another value, and loads all of them.
func (s *wordsAndSlice) call() error {
	width := 1 + s.rng.IntN(min(len(s.want), widest))
	first := s.rng.IntN(len(s.want) - width + 1)
	swaps := make([]multiword.Swap, width)
	for i := range swaps {
		swaps[i] = multiword.Swap{Place: first + i, Old: s.want[first+i], New: extreme(s.rng)}
	}
	right, odd := s.rng.IntN(2) == 0, s.rng.IntN(width)
	if !right {
		swaps[odd].Old = beside(s.rng, swaps[odd].Old)
	}
	if got := s.words.CompareAndSwap(swaps); got != right {
		return fmt.Errorf("word %d is %x, and a swap of %d words that expects %x there was %v, want %v",
			first+odd, s.want[first+odd], width, swaps[odd].Old, got, right)
	}
	if right {
		for _, swap := range swaps {
			s.want[swap.Place] = swap.New
		}
	}
	for place, want := range s.want {
		if got := s.words.Load(place); got != want {
			return fmt.Errorf("word %d is %x, want %x", place, got, want)
		}
	}
	return nil
}
