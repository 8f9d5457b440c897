package hashmap_test

import (
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/lockfree/hashmap"
)

type table = hashmap.Map[uint64, int]

func TestTables(t *testing.T) {
	if err := impls.Check(append(hashmap.All[int](), hashmap.Broken[int]()...)); err != nil {
		t.Error(err)
	}
}

// every runs a subtest for every map that keeps something.
func every(t *testing.T, test func(*testing.T, impls.Impl[hashmap.New[uint64, int]])) {
	t.Helper()
	for _, i := range append(hashmap.All[int](), hashmap.Broken[int]()...) {
		if i.Role != impls.Noop {
			t.Run(i.Name, func(t *testing.T) { test(t, i) })
		}
	}
}

func TestPromisesAreMethods(t *testing.T) {
	every(t, func(t *testing.T, i impls.Impl[hashmap.New[uint64, int]]) {
		m := i.New()
		if _, ok := m.(hashmap.Setter[uint64, int]); ok != i.Has(impls.SetOnce) {
			t.Errorf("LoadOrStore is there: %t", ok)
		}
		if _, ok := m.(hashmap.Sized[uint64, int]); ok != i.Has(impls.Sized) {
			t.Errorf("Len is there: %t", ok)
		}
	})
}

// Without others, every map does what a Go map does; the bugs too, but for the one whose count is wrong.
func TestLikeAGoMap(t *testing.T) {
	const calls, keys = 20_000, 300
	every(t, func(t *testing.T, i impls.Impl[hashmap.New[uint64, int]]) {
		rng, m, want := rand.New(rand.NewPCG(1, 2)), i.New(), map[uint64]int{}
		for n := range calls {
			key := rng.Uint64N(keys) * 0x9e3779b97f4a7c15
			old, there := want[key]
			switch rng.IntN(4) {
			case 0:
				if got, ok := m.Load(key); ok != there || ok && got != old {
					t.Fatalf("call %d: Load returned %d, %t, want %d, %t", n, got, ok, old, there)
				}
			case 1:
				m.Store(key, n)
				want[key] = n
			case 2:
				if got, ok := m.LoadAndDelete(key); ok != there || ok && got != old {
					t.Fatalf("call %d: LoadAndDelete returned %d, %t, want %d, %t", n, got, ok, old, there)
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
					t.Fatalf("call %d: LoadOrStore returned %d, %t, want %d, %t", n, got, loaded, want[key], there)
				}
			}
		}
		holds(t, m, want)
		if s, ok := m.(hashmap.Sized[uint64, int]); ok && i.Name != "keeps-count" && s.Len() != len(want) {
			t.Errorf("Len is %d with %d keys", s.Len(), len(want))
		}
	})
}

func holds(t *testing.T, m table, want map[uint64]int) {
	t.Helper()
	got := map[uint64]int{}
	m.Range(func(key uint64, value int) bool {
		if _, twice := got[key]; twice {
			t.Errorf("Range came to key %d twice", key)
		}
		got[key] = value
		return true
	})
	if !maps.Equal(got, want) {
		t.Errorf("Range saw %d keys of %d, or other values", len(got), len(want))
	}
}

func TestRangeEnds(t *testing.T) {
	every(t, func(t *testing.T, i impls.Impl[hashmap.New[uint64, int]]) {
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
			t.Errorf("f was called %d times, and returned false the 7th time", seen)
		}
	})
}
