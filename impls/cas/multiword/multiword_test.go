package multiword_test

import (
	"sync"
	"testing"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/cas/multiword"
	"github.com/contendbench/contend/impls/implstest"
)

type contender = impls.Impl[multiword.New]

func TestTables(t *testing.T) { implstest.Tables(t, multiword.All(), multiword.Broken(), "broken.go") }

func TestWordsChangeAtOnceOrNotAtAll(t *testing.T) {
	implstest.Each(t, multiword.All(), func(t *testing.T, i contender) {
		m := i.New(4)
		type swaps = []multiword.Swap
		for _, step := range []struct {
			about string
			swaps swaps
			want  bool
		}{
			{"words that are 0", swaps{{0, 0, 7}, {2, 0, 8}}, true},
			{"words of which one has another value", swaps{{0, 7, 1}, {1, 5, 1}, {2, 8, 1}}, false},
			{"the words that were swapped in for themselves", swaps{{0, 7, 7}, {1, 0, 0}, {2, 8, 8}, {3, 0, 0}}, true},
		} {
			if got := m.CompareAndSwap(step.swaps); got != step.want {
				t.Errorf("got %v from a swap of %s, want %v", got, step.about, step.want)
			}
		}
		for place, want := range []uint64{7, 0, 8, 0} {
			if got := m.Load(place); got != want {
				t.Errorf("got %d in word %d, want %d", got, place, want)
			}
		}
	})
}

// Operations of different widths overlap, so each helps others or waits for them.
func TestOverlappingSwaps(t *testing.T) {
	implstest.Each(t, multiword.All(), func(t *testing.T, i contender) {
		const places, turns = 5, 300
		m := i.New(places)
		var group sync.WaitGroup
		for width := 1; width <= places; width++ {
			group.Go(func() {
				for turn := range turns {
					first := turn % (places - width + 1)
					swaps := make([]multiword.Swap, width)
					for done := false; !done; done = m.CompareAndSwap(swaps) {
						for i := range swaps {
							old := m.Load(first + i)
							swaps[i] = multiword.Swap{Place: first + i, Old: old, New: old + 1}
						}
					}
				}
			})
		}
		group.Wait()
		got := uint64(0)
		for place := range places {
			got += m.Load(place)
		}
		if want := uint64(turns * (1 + 2 + 3 + 4 + 5)); got != want {
			t.Errorf("got %d increments of words, want %d", got, want)
		}
	})
}
