package serializable_test

import (
	"math/rand/v2"
	"testing"

	"github.com/contendbench/contend/harness/history/serializable"
)

// Anomalies finds a cycle of each class that trying all paths finds, and none shorter
// exists. Of some classes it may find none, or a longer one.
func TestShortestCycles(t *testing.T) {
	stores := []isolation{strict, snapshotIsolation, readCommitted}
	exact := func(c serializable.Class) bool { return c < serializable.G0RealTime && c != serializable.GNonadjacent }
	found, missed := 0, 0
	for seed := range uint64(4000) {
		rng := rand.New(rand.NewPCG(seed, 10))
		s := simulation{
			isolation: stores[rng.IntN(len(stores))], clients: 2 + rng.IntN(5), keys: 2 + rng.IntN(5), ops: 1 + rng.IntN(5),
			scans: rng.IntN(60), rng: rng,
		}
		h := s.run(3 + rng.IntN(5))
		for range rng.IntN(3) {
			corrupt(rng, h)
		}
		want := serializable.Shortest(h)
		for _, a := range serializable.Anomalies(h) {
			if len(a.Cycle) == 0 {
				continue
			}
			if n, ok := want[a.Class]; !ok || n > len(a.Cycle) {
				t.Fatalf("got %v\nin\n%s\nwhich trying all paths does not find, but %v", a, text(h), want)
			} else if n < len(a.Cycle) && exact(a.Class) {
				t.Errorf("got %v\nin\n%s\nwant a cycle of %d", a, text(h), n)
			}
			delete(want, a.Class)
			found++
		}
		for c := range want {
			missed++
			if exact(c) {
				t.Errorf("got no %v in\n%s\nwant one", c, text(h))
			}
		}
	}
	if missed*100 > found {
		t.Errorf("got %d classes, and not %d others, want at most 1 percent", found, missed)
	}
}
