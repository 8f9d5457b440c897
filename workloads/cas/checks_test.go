package cas

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/cas/cell"
	"github.com/contendbench/contend/impls/cas/counter"
	"github.com/contendbench/contend/impls/cas/multiword"
	"github.com/contendbench/contend/impls/cpu"
	"github.com/contendbench/contend/results"
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

// small is a counter of one word, which notes where it lies.
type small struct{ sum atomic.Int64 }

var smalls sync.Map // the counters that were added to

func (s *small) Add(delta int64) {
	if s.sum.Add(delta) == delta {
		smalls.Store(uintptr(unsafe.Pointer(s)), true)
	}
}

func (s *small) Load() int64 { return s.sum.Load() }

// The counters of a load over many share no line: it would measure where the allocator
// put them.
func TestCountersLieApart(t *testing.T) {
	smalls.Clear() // of an earlier run of this test
	suites := []harness.Suite{Counters(impls.New("small", impls.Atomic, "here",
		func() counter.Counter { return new(small) }))}
	spec := harness.DefaultSpec(results.Cell{
		Contract: "cas", Work: "count", Impl: "small", Procs: 2,
		Params: []results.Param{{Key: "cells", Value: "64"}},
	})
	spec.Seed, spec.Stress = 1, 1
	if _, err := harness.Stress(t.Context(), suites, spec); err != nil {
		t.Fatal(err)
	}
	var places []uintptr
	smalls.Range(func(place, _ any) bool {
		places = append(places, place.(uintptr))
		return true
	})
	slices.Sort(places)
	if len(places) != 64 {
		t.Errorf("got additions to %d counters, want 64", len(places))
	}
	for i := 1; i < len(places); i++ {
		if places[i]/cpu.Line == places[i-1]/cpu.Line {
			t.Errorf("got counters at %#x and %#x, want them in two lines of %d bytes", places[i-1], places[i], cpu.Line)
		}
	}
}

// A cell that keeps its old value when an Update panics, but not the panic.
type swallows struct{ *cell.Locked[cell.Record] }

func (c swallows) Update(next func(cell.Record) cell.Record) (r cell.Record) {
	defer func() { _ = recover() }()
	return c.Locked.Update(next)
}

func TestSequenceFindsAPanicThatIsLost(t *testing.T) {
	harness.Finds(t, Records(impls.New("liar", impls.Mutex, "here", func(r cell.Record) cell.Cell[cell.Record] {
		return swallows{cell.NewMutex(r)}
	})), "record-sequence", "panicked")
}

// A float is a counter whose sum a float32 holds.
type float struct{ counter.Mutex }

func (f *float) Load() int64 { return int64(float32(f.Mutex.Load())) }

func TestLargeFindsSumsThatAreRounded(t *testing.T) {
	harness.Finds(t, Counters(impls.New("liar", impls.Mutex, "here",
		func() counter.Counter { return new(float) })), "large", "the sum is")
}

// A promise without its method is refused with a sentence.
func TestPromiseWithoutReset(t *testing.T) {
	err := harness.CheckSuites([]harness.Suite{Counters(impls.New("liar", impls.Mutex, "here",
		func() counter.Counter { return new(small) }, counter.Resettable))})
	if err == nil || !strings.Contains(err.Error(), "Reset") {
		t.Errorf("got error %v for a counter that promises resets and has no Reset, want one that says so", err)
	}
}

// always is a cell whose CompareAndSwap always stores.
type always struct{ *cell.Locked[*Node] }

func (c always) CompareAndSwap(_, new *Node) bool {
	c.Update(func(*Node) *Node { return new })
	return true
}

// A top pointer can be brought, and its pops are checked.
func TestTopFindsASwapThatComparesNothing(t *testing.T) {
	table := []impls.Impl[cell.New[*Node]]{impls.New("liar", impls.Mutex, "here", func(n *Node) cell.Cell[*Node] {
		return always{cell.NewMutex(n)}
	})}
	harness.Finds(t, Cells{Nodes: table}.Suite(), "top", "stack")
}
