package cpu_test

import (
	"sync"
	"testing"

	"github.com/contendbench/contend/impls/cpu"
)

// Goroutines that live at the same time mostly get different numbers.
func TestSpread(t *testing.T) {
	const goroutines, places = 16, 16
	var numbers [goroutines]uint64
	var together, group sync.WaitGroup
	together.Add(goroutines)
	for g := range numbers {
		group.Go(func() {
			numbers[g] = cpu.Spread() % places
			together.Done()
			together.Wait()
		})
	}
	group.Wait()
	used := map[uint64]bool{}
	for _, n := range numbers {
		used[n] = true
	}
	if len(used) < places/4 {
		t.Errorf("%d goroutines chose %d of %d places", goroutines, len(used), places)
	}
}

// A goroutine keeps its number, unless its stack moves.
func TestSpreadIsSteady(t *testing.T) {
	last, changes := cpu.Spread(), 0
	for range 100 {
		if now := cpu.Spread(); now != last {
			last, changes = now, changes+1
		}
	}
	if changes > 2 {
		t.Errorf("a goroutine that does nothing else changed its number %d times", changes)
	}
}

func BenchmarkSpread(b *testing.B) {
	sum := uint64(0)
	for b.Loop() {
		sum += cpu.Spread()
	}
	if sum == 1 {
		b.Log(sum)
	}
}
