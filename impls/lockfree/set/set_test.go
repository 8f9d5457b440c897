package set_test

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/impls/lockfree/set"
)

type impl = impls.Impl[set.New]

func TestTables(t *testing.T) { implstest.Tables(t, set.All(), set.Broken(), "broken.go") }

// Sequential calls do what they do on a map.
func TestLikeAMap(t *testing.T) {
	implstest.Each(t, set.All(), func(t *testing.T, i impl) {
		rapid.Check(t, func(t *rapid.T) {
			s, keys := i.New(), map[int]bool{}
			for range rapid.IntRange(1, 60).Draw(t, "calls") {
				key := rapid.IntRange(-5, 5).Draw(t, "key")
				there := keys[key]
				switch rapid.IntRange(0, 2).Draw(t, "call") {
				case 0:
					if got := s.Insert(key); got == there {
						t.Fatalf("got Insert(%d) = %t, want %t, in a set of %v", key, got, !there, keys)
					}
					keys[key] = true
				case 1:
					if got := s.Remove(key); got != there {
						t.Fatalf("got Remove(%d) = %t, want %t, in a set of %v", key, got, there, keys)
					}
					delete(keys, key)
				default:
					if got := s.Contains(key); got != there {
						t.Fatalf("got Contains(%d) = %t, want %t, in a set of %v", key, got, there, keys)
					}
				}
			}
		})
	})
}

// When many goroutines insert or remove the same keys, each change is reported to exactly
// one of them.
func TestEachChangeIsReportedOnce(t *testing.T) {
	implstest.Each(t, set.All(), func(t *testing.T, i impl) {
		const workers, keys, turns = 6, 20, 400
		s := i.New()
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
			n, there := net[key].Load(), s.Contains(key)
			if n != 0 && n != 1 || there != (n == 1) {
				t.Errorf("key %d: got %d more insertions than removals and Contains %t, want 0, false or 1, true",
					key, n, there)
			}
		}
	})
}
