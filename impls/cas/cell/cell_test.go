package cell_test

import (
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
