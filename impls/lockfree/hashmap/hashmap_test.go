package hashmap_test

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/impls/lockfree/hashmap"
)

type (
	table = hashmap.Map[uint64, int]
	ofInt = impls.Impl[hashmap.New[uint64, int]]
)

func TestTables(t *testing.T) {
	implstest.Tables(t, hashmap.All[int](), hashmap.Broken[int](), "broken.go")
	implstest.Tables(t, hashmap.AllOf[any, any](), hashmap.BrokenOfValues(), "broken.go")
}

// alone returns every map but the control as a contender. In one goroutine the broken
// ones are correct, too, but for a Range that does not end.
func alone() []ofInt {
	table := append(hashmap.All[int](), hashmap.Broken[int]()...)
	table = slices.DeleteFunc(table, func(i ofInt) bool { return i.Name == "deaf-range" })
	for i := range table {
		if table[i].Role != impls.Noop {
			table[i].Role = impls.Contender
		}
	}
	return table
}

func TestPromisesAreMethods(t *testing.T) {
	implstest.Each(t, alone(), func(t *testing.T, i ofInt) {
		m := i.New()
		if _, ok := m.(hashmap.Setter[uint64, int]); ok != i.Has(hashmap.SetOnce) {
			t.Errorf("got Setter %t, want %t as promised", ok, !ok)
		}
		if _, ok := m.(hashmap.Counted[uint64, int]); ok != i.Has(hashmap.Sized) {
			t.Errorf("got Counted %t, want %t as promised", ok, !ok)
		}
	})
}

// In one goroutine, every map does what a Go map does. So do the bugs, except that one
// counts wrong.
func TestLikeAGoMap(t *testing.T) {
	const calls, keys = 20_000, 300
	implstest.Each(t, alone(), func(t *testing.T, i ofInt) {
		rng, m, want := rand.New(rand.NewPCG(1, 2)), i.New(), map[uint64]int{}
		for n := range calls {
			key := rng.Uint64N(keys) * 0x9e3779b97f4a7c15
			old, there := want[key]
			switch rng.IntN(4) {
			case 0:
				if got, ok := m.Load(key); ok != there || ok && got != old {
					t.Fatalf("call %d: got Load() = %d, %t, want %d, %t", n, got, ok, old, there)
				}
			case 1:
				m.Store(key, n)
				want[key] = n
			case 2:
				if got, ok := m.LoadAndDelete(key); ok != there || ok && got != old {
					t.Fatalf("call %d: got LoadAndDelete() = %d, %t, want %d, %t", n, got, ok, old, there)
				}
				delete(want, key)
			default:
				s, ok := m.(hashmap.Setter[uint64, int])
				if !ok {
					continue
				}
				if !there {
					want[key] = n
				}
				if got, loaded := s.LoadOrStore(key, n); got != want[key] || loaded != there {
					t.Fatalf("call %d: got LoadOrStore() = %d, %t, want %d, %t", n, got, loaded, want[key], there)
				}
			}
		}
		holds(t, m, want)
		if s, ok := m.(hashmap.Counted[uint64, int]); ok && i.Name != "keeps-count" && s.Len() != len(want) {
			t.Errorf("got Len() = %d, want %d", s.Len(), len(want))
		}
	})
}

func holds(t *testing.T, m table, want map[uint64]int) {
	t.Helper()
	got := map[uint64]int{}
	m.Range(func(key uint64, value int) bool {
		if _, twice := got[key]; twice {
			t.Errorf("got key %d twice in a Range, want it once", key)
		}
		got[key] = value
		return true
	})
	if !maps.Equal(got, want) {
		t.Errorf("got %d keys in a Range, want %d with the same values", len(got), len(want))
	}
}

func TestRangeEnds(t *testing.T) {
	implstest.Each(t, alone(), func(t *testing.T, i ofInt) {
		m := i.New()
		for key := range uint64(100) {
			m.Store(key, 1)
		}
		seen := 0
		m.Range(func(uint64, int) bool {
			seen++
			return seen < 7
		})
		if seen != 7 {
			t.Errorf("got %d calls of f, want 7: it returned false then", seen)
		}
	})
}

// A nil interface is a key and a value.
func TestNil(t *testing.T) {
	table := hashmap.AllOf[any, any]()
	implstest.Each(t, table, func(t *testing.T, i impls.Impl[hashmap.New[any, any]]) {
		m := i.New()
		m.Store(nil, nil)
		if got, ok := m.Load(nil); got != nil || !ok {
			t.Errorf("got Load() = %v, %t, want nil, true", got, ok)
		}
		if s, ok := m.(hashmap.Setter[any, any]); ok {
			if got, loaded := s.LoadOrStore(nil, 1); got != nil || !loaded {
				t.Errorf("got LoadOrStore() = %v, %t, want nil, true", got, loaded)
			}
		}
		visits := 0
		m.Range(func(key, value any) bool {
			if visits++; key != nil || value != nil {
				t.Errorf("got %v: %v in a Range, want nil: nil", key, value)
			}
			return true
		})
		if visits != 1 {
			t.Errorf("got %d keys in a Range, want 1", visits)
		}
		if got, ok := m.LoadAndDelete(nil); got != nil || !ok {
			t.Errorf("got LoadAndDelete() = %v, %t, want nil, true", got, ok)
		}
	})
}

// Each NaN is a key of its own, as in a Go map.
func TestNaN(t *testing.T) {
	implstest.Each(t, hashmap.AllOf[float64, int](), func(t *testing.T, i impls.Impl[hashmap.New[float64, int]]) {
		m := i.New()
		m.Store(math.NaN(), 1)
		m.Store(math.NaN(), 2)
		if got, ok := m.Load(math.NaN()); ok {
			t.Errorf("got Load(NaN) = %d, true, want false", got)
		}
		sum := 0
		m.Range(func(_ float64, value int) bool { sum += value; return true })
		if sum != 3 {
			t.Errorf("got values that add up to %d in a Range, want 3", sum)
		}
	})
}

// A function that panics leaves no lock behind.
func TestRangePanics(t *testing.T) {
	implstest.Each(t, hashmap.All[int](), func(t *testing.T, i ofInt) {
		m := i.New()
		for key := range uint64(100) {
			m.Store(key, 1)
		}
		func() {
			defer func() {
				if got := recover(); got != "enough" {
					t.Errorf("got panic %v, want that of the function", got)
				}
			}()
			m.Range(func(uint64, int) bool { panic("enough") })
		}()
		done := make(chan struct{})
		go func() {
			for key := range uint64(100) {
				m.Store(key, 2)
			}
			close(done)
		}()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			t.Error("got a Store that does not return after a panic in Range, want a map that works")
		}
	})
}
