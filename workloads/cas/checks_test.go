package cas

import (
	"sync/atomic"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/cas/multiword"
)

// oneByOne swaps word by word, and keeps its swaps when a later word differs.
type oneByOne struct{ words []atomic.Uint64 }

func (m *oneByOne) Load(place int) uint64 { return m.words[place].Load() }

func (m *oneByOne) CompareAndSwap(swaps []multiword.Swap) bool {
	for _, s := range swaps {
		if !m.words[s.Place].CompareAndSwap(s.Old, s.New) {
			return false
		}
	}
	return true
}

// inHalves swaps all words or none, but a reader may see the words between the two
// halves.
type inHalves struct{ *multiword.Mutex }

func (m inHalves) CompareAndSwap(swaps []multiword.Swap) bool {
	half := len(swaps) / 2
	if !m.Mutex.CompareAndSwap(swaps[:half]) {
		return false
	}
	for !m.Mutex.CompareAndSwap(swaps[half:]) {
		for i := range swaps[half:] {
			s := &swaps[half+i]
			now := m.Load(s.Place)
			s.Old, s.New = now, now+s.New-s.Old
		}
	}
	return true
}

func TestTransferFindsSwapsThatAreNotOne(t *testing.T) {
	for name, create := range map[string]multiword.New{
		"one by one": func(n int) multiword.MultiWord { return &oneByOne{make([]atomic.Uint64, n)} },
		"in halves":  func(n int) multiword.MultiWord { return inHalves{multiword.NewMutex(n)} },
	} {
		t.Run(name, func(t *testing.T) {
			harness.Finds(t, MultiWords(impls.New("liar", impls.Atomic, "here", create)), "transfer", "balance")
		})
	}
}
