package cell_test

import (
	"math"
	"testing"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/cas/cell"
	"github.com/contendbench/contend/impls/implstest"
)

var _ cell.Cell[cell.Record] = (*cell.Indexed)(nil)

type contender = impls.Impl[cell.New[cell.Record]]

func TestTables(t *testing.T) {
	implstest.Tables(t, cell.All[int](), cell.Broken[int](), "broken.go")
	implstest.Tables(t, cell.OfRecords(), cell.BrokenOfRecords(), "broken.go")
}

func TestCompareAndSwap(t *testing.T) {
	implstest.Each(t, cell.OfRecords(), func(t *testing.T, i contender) {
		a, b, c := cell.Record{1, 1, 1, 1}, cell.Record{1, 1, 1, 2}, cell.Record{3}
		x := i.New(a)
		if ok, now := x.CompareAndSwap(b, c), x.Load(); ok || now != a {
			t.Errorf("got %v and then %v from a swap of another value, want false and %v", ok, now, a)
		}
		if ok, now := x.CompareAndSwap(a, b), x.Load(); !ok || now != b {
			t.Errorf("got %v and then %v from a swap of the value, want true and %v", ok, now, b)
		}
		want := cell.Record{9, 1, 1, 2}
		got, now := x.Update(func(r cell.Record) cell.Record { r[0] = 9; return r }), x.Load()
		if got != want || now != want {
			t.Errorf("got %v from Update and then %v, want %v", got, now, want)
		}
	})
}

// Values are compared, and not the places where they lie: a value that was replaced and
// comes back is the old one.
func TestValuesAreCompared(t *testing.T) {
	implstest.Each(t, cell.OfRecords(), func(t *testing.T, i contender) {
		a, b, c := cell.Record{1}, cell.Record{2}, cell.Record{3}
		x := i.New(a)
		for _, swap := range [][2]cell.Record{{a, b}, {b, a}, {a, c}} {
			if !x.CompareAndSwap(swap[0], swap[1]) {
				t.Errorf("got false from a swap of %v for %v, want true", swap[0], swap[1])
			}
		}
	})
}

// What does not equal itself can be updated, and is never swapped.
func TestNaN(t *testing.T) {
	implstest.Each(t, cell.All[float64](), func(t *testing.T, i impls.Impl[cell.New[float64]]) {
		x := i.New(math.NaN())
		if x.CompareAndSwap(math.NaN(), 1) {
			t.Error("got true from a swap of NaN, want false")
		}
		updates := 0
		got := x.Update(func(float64) float64 {
			if updates++; updates > 10 {
				t.Fatal("got no end of an update of NaN, want one")
			}
			return 2
		})
		if now := x.Load(); got != 2 || now != 2 {
			t.Errorf("got %v from Update and then %v, want 2", got, now)
		}
	})
}

// A cell of interfaces holds nil, and values of several types.
func TestInterfaces(t *testing.T) {
	implstest.Each(t, cell.All[any](), func(t *testing.T, i impls.Impl[cell.New[any]]) {
		x := i.New(nil)
		for _, swap := range [][2]any{{nil, 1}, {1, "one"}, {"one", int64(1)}, {int64(1), nil}} {
			if got := x.CompareAndSwap(1.5, 0); got {
				t.Errorf("got true from a swap of another value than %v, want false", swap[0])
			}
			if got := x.CompareAndSwap(swap[0], swap[1]); !got || x.Load() != swap[1] {
				t.Errorf("got %v from a swap of %v and then %v, want true and %v", got, swap[0], x.Load(), swap[1])
			}
		}
		if got := x.Update(func(any) any { return 3 }); got != 3 || x.Load() != 3 {
			t.Errorf("got %v from Update and then %v, want 3", got, x.Load())
		}
	})
}

// panics reports whether f panics.
func panics(f func()) (did bool) {
	defer func() { did = recover() != nil }()
	f()
	return false
}

// A panic leaves the value and a cell that works: one of next, and one of a comparison.
func TestPanics(t *testing.T) {
	implstest.Each(t, cell.All[any](), func(t *testing.T, i impls.Impl[cell.New[any]]) {
		x := i.New(1)
		if !panics(func() { x.Update(func(any) any { panic("no value") }) }) {
			t.Error("got no panic from Update, want that of its function")
		}
		if got := x.Load(); got != 1 {
			t.Errorf("got %v after a panic of Update, want 1", got)
		}
		x.Update(func(any) any { return []int{1} })
		if !panics(func() { x.CompareAndSwap([]int{1}, 2) }) {
			t.Error("got no panic from a swap of what cannot be compared, want one")
		}
		if got := x.Update(func(any) any { return 3 }); got != 3 {
			t.Errorf("got %v from Update after two panics, want 3", got)
		}
	})
}
