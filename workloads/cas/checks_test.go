package cas

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/cas"
	"github.com/contendbench/contend/results"
)

// oneByOne swaps word by word, and leaves what it has swapped when one is not as it should be.
type oneByOne struct{ words []atomic.Uint64 }

func (m *oneByOne) Load(place int) uint64 { return m.words[place].Load() }

func (m *oneByOne) CompareAndSwap(swaps []cas.Swap) bool {
	for _, s := range swaps {
		if !m.words[s.Place].CompareAndSwap(s.Old, s.New) {
			return false
		}
	}
	return true
}

// inHalves swaps all words or none, but a reader may come between.
type inHalves struct{ *cas.MutexWords }

func (m inHalves) CompareAndSwap(swaps []cas.Swap) bool {
	half := len(swaps) / 2
	if !m.MutexWords.CompareAndSwap(swaps[:half]) {
		return false
	}
	for !m.MutexWords.CompareAndSwap(swaps[half:]) {
		for i := range swaps[half:] {
			s := &swaps[half+i]
			now := m.Load(s.Place)
			s.Old, s.New = now, now+s.New-s.Old
		}
	}
	return true
}

func TestTransferFindsSwapsThatAreNotOne(t *testing.T) {
	for name, create := range map[string]cas.NewWords{
		"one by one": func(n int) cas.Words { return &oneByOne{make([]atomic.Uint64, n)} },
		"in halves":  func(n int) cas.Words { return inHalves{cas.NewMutexWords(n)} },
	} {
		t.Run(name, func(t *testing.T) {
			rows := harness.Rows(Words(impls.Impl[cas.NewWords]{Name: "liar", Kind: impls.Atomic, Source: "here", New: create}))
			spec := harness.DefaultSpec(results.Cell{Contract: "cas", Work: "transfer", Impl: "liar", Procs: 2})
			spec.Seed, spec.Stress, spec.Grace = 1, 2*time.Second, time.Second
			if _, err := harness.Stress(t.Context(), rows, spec); err == nil || !strings.Contains(err.Error(), "balance") {
				t.Errorf("%v", err)
			}
		})
	}
}
