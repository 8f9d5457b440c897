package cas_test

import (
	"sync"
	"testing"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/cas"
)

var (
	_ cas.Batcher          = (*cas.Batched)(nil)
	_ cas.Cell[cas.Record] = (*cas.Indexed)(nil)
)

func TestTables(t *testing.T) {
	if err := impls.Check(append(cas.Counters(), cas.BrokenCounters()...)); err != nil {
		t.Error(err)
	}
	if err := impls.Check(append(cas.Cells[int](), cas.BrokenCells[int]()...)); err != nil {
		t.Error(err)
	}
	if err := impls.Check(append(cas.Records(), cas.BrokenRecords()...)); err != nil {
		t.Error(err)
	}
	if err := impls.Check(append(cas.AllWords(), cas.BrokenWords()...)); err != nil {
		t.Error(err)
	}
}

// counters runs a subtest for every counter that competes and makes promise p, or any if p is empty.
func counters(t *testing.T, p impls.Promise, test func(*testing.T, cas.NewCounter)) {
	t.Helper()
	for _, i := range cas.Counters() {
		if i.Role == impls.Contender && (p == "" || i.Has(p)) {
			t.Run(i.Name, func(t *testing.T) { test(t, i.New) })
		}
	}
}

func TestSum(t *testing.T) {
	counters(t, "", func(t *testing.T, create cas.NewCounter) {
		c := create()
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				for range 1000 {
					c.Add(3)
				}
			})
		}
		group.Wait()
		if sum := c.Load(); sum != 24_000 {
			t.Errorf("the sum is %d, want 24000", sum)
		}
	})
}

func TestReset(t *testing.T) {
	counters(t, impls.Resettable, func(t *testing.T, create cas.NewCounter) {
		c := create().(cas.Resetter)
		c.Add(5)
		if was, now := c.Reset(), c.Load(); was != 5 || now != 0 {
			t.Errorf("Reset of 5 returned %d and left %d", was, now)
		}
	})
}

func TestBatchedIsExactAfterFlush(t *testing.T) {
	var c cas.Batched
	a := c.Local()
	for range 100 {
		a.Add(1)
	}
	if sum := c.Load(); sum == 100 {
		t.Error("nothing was kept")
	}
	a.Flush()
	if sum := c.Load(); sum != 100 {
		t.Errorf("the sum is %d, want 100", sum)
	}
}

func cells(t *testing.T, test func(*testing.T, cas.NewCell[cas.Record])) {
	t.Helper()
	for _, i := range cas.Records() {
		t.Run(i.Name, func(t *testing.T) { test(t, i.New) })
	}
}

func TestCompareAndSwap(t *testing.T) {
	cells(t, func(t *testing.T, create cas.NewCell[cas.Record]) {
		a, b, c := cas.Record{1, 1, 1, 1}, cas.Record{1, 1, 1, 2}, cas.Record{3}
		cell := create(a)
		if cell.CompareAndSwap(b, c) || cell.Load() != a {
			t.Error("a swap of another value succeeded, or wrote")
		}
		if !cell.CompareAndSwap(a, b) || cell.Load() != b {
			t.Error("a swap of the value failed")
		}
		if got := cell.Update(func(r cas.Record) cas.Record { r[0] = 9; return r }); got != (cas.Record{9, 1, 1, 2}) || cell.Load() != got {
			t.Errorf("Update left %v", got)
		}
	})
}

// Values are compared, not the places where they lie: a value that went and came back is the old one.
func TestValuesAreCompared(t *testing.T) {
	cells(t, func(t *testing.T, create cas.NewCell[cas.Record]) {
		a, b, c := cas.Record{1}, cas.Record{2}, cas.Record{3}
		cell := create(a)
		if !cell.CompareAndSwap(a, b) || !cell.CompareAndSwap(b, a) || !cell.CompareAndSwap(a, c) {
			t.Error("a value that came back was not taken for the old one")
		}
	})
}

// words runs a subtest for every row of words.
func words(t *testing.T, test func(*testing.T, cas.NewWords)) {
	t.Helper()
	for _, i := range cas.AllWords() {
		t.Run(i.Name, func(t *testing.T) { test(t, i.New) })
	}
}

func TestWordsChangeAtOnceOrNotAtAll(t *testing.T) {
	words(t, func(t *testing.T, create cas.NewWords) {
		w := create(4)
		if !w.CompareAndSwap([]cas.Swap{{Place: 0, New: 7}, {Place: 2, New: 8}}) {
			t.Error("a swap of words that are 0 failed")
		}
		if w.CompareAndSwap([]cas.Swap{{Place: 0, Old: 7, New: 1}, {Place: 1, Old: 5, New: 1}, {Place: 2, Old: 8, New: 1}}) {
			t.Error("a swap succeeded though a word was another one")
		}
		if !w.CompareAndSwap([]cas.Swap{{Place: 0, Old: 7, New: 7}, {Place: 1}, {Place: 2, Old: 8, New: 8}, {Place: 3}}) {
			t.Error("the words are not what was swapped in")
		}
		for place, want := range []uint64{7, 0, 8, 0} {
			if got := w.Load(place); got != want {
				t.Errorf("word %d is %d, want %d", place, got, want)
			}
		}
	})
}

// Operations of different widths overlap, so each helps others or waits for them.
func TestOverlappingSwaps(t *testing.T) {
	words(t, func(t *testing.T, create cas.NewWords) {
		const places, turns = 5, 300
		w := create(places)
		var group sync.WaitGroup
		for width := 1; width <= places; width++ {
			group.Go(func() {
				for turn := range turns {
					first := turn % (places - width + 1)
					swaps := make([]cas.Swap, width)
					for done := false; !done; done = w.CompareAndSwap(swaps) {
						for i := range swaps {
							old := w.Load(first + i)
							swaps[i] = cas.Swap{Place: first + i, Old: old, New: old + 1}
						}
					}
				}
			})
		}
		group.Wait()
		sum := uint64(0)
		for place := range places {
			sum += w.Load(place)
		}
		if want := uint64(turns * (1 + 2 + 3 + 4 + 5)); sum != want {
			t.Errorf("the words were moved on %d times, want %d", sum, want)
		}
	})
}
