package hashmap_test

import (
	"maps"
	"math/rand/v2"
	"testing"

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
}

// alone returns every map but the control as a contender. In one goroutine the broken
// ones are correct, too.
func alone() []ofInt {
	table := append(hashmap.All[int](), hashmap.Broken[int]()...)
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
