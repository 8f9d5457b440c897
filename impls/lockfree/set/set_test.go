package set_test

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/lockfree/set"
)

func TestTables(t *testing.T) {
	if err := impls.Check(append(set.All(), set.Broken()...)); err != nil {
		t.Error(err)
	}
}

func each(t *testing.T, test func(*testing.T, set.New)) {
	t.Helper()
	for _, i := range set.All() {
		if i.Role == impls.Contender {
			t.Run(i.Name, func(t *testing.T) { test(t, i.New) })
		}
	}
}

// One after the other, calls do what they do to a map.
func TestLikeAMap(t *testing.T) {
	each(t, func(t *testing.T, create set.New) {
		rapid.Check(t, func(t *rapid.T) {
			s, want := create(), map[int]bool{}
			for range rapid.IntRange(1, 60).Draw(t, "calls") {
				key := rapid.IntRange(-5, 5).Draw(t, "key")
				switch rapid.IntRange(0, 2).Draw(t, "call") {
				case 0:
					if s.Insert(key) == want[key] {
						t.Fatalf("Insert(%d) of %v", key, want)
					}
					want[key] = true
				case 1:
					if s.Remove(key) != want[key] {
						t.Fatalf("Remove(%d) of %v", key, want)
					}
					delete(want, key)
				default:
					if s.Contains(key) != want[key] {
						t.Fatalf("Contains(%d) of %v", key, want)
					}
				}
			}
		})
	})
}

// Of many that insert or remove the same keys, one is told so for each change.
func TestOneIsToldSo(t *testing.T) {
	each(t, func(t *testing.T, create set.New) {
		const workers, keys, turns = 6, 20, 400
		s := create()
		var net [keys]atomic.Int64
		var group sync.WaitGroup
		for range workers {
			group.Go(func() {
				for range turns {
					key := rand.IntN(keys)
					if rand.IntN(2) == 0 {
						if s.Insert(key) {
							net[key].Add(1)
						}
					} else if s.Remove(key) {
						net[key].Add(-1)
					}
				}
			})
		}
		group.Wait()
		for key := range net {
			if n := net[key].Load(); n != 0 && n != 1 || s.Contains(key) != (n == 1) {
				t.Errorf("key %d: %d insertions more than removals, and Contains is %t", key, n, s.Contains(key))
			}
		}
	})
}
