package load

import (
	"math/rand/v2"
	"testing"
)

func TestSizeIsAtTheEdges(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	drawn := map[int]bool{}
	for range 10_000 {
		n := Size(rng, 1000)
		if n < 1 || n > 1000 {
			t.Fatalf("got size %d, want 1 to 1000", n)
		}
		drawn[n] = true
	}
	for _, want := range []int{1, 2, 3, 63, 64, 65, 191, 193, 511, 513, 961, 1000} {
		if !drawn[want] {
			t.Errorf("got no size %d, want one", want)
		}
	}
	if n := Size(rng, 1); n != 1 {
		t.Errorf("got size %d of 1, want 1", n)
	}
}
