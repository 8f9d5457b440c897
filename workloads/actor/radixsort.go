package actor

import (
	"slices"

	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
)

var (
	radixItems = size("items", "numbers to sort", 100_000)
	radixBits  = harness.Param[int]{
		Key: "bits", About: "bits of a number, each with its actor, 1 to 62", Default: 60, Valid: harness.Between(1, 62),
	}
)

// radixSort is a pipeline of actors. Each passes the numbers on that lack its bit, and the
// others after the last one has come.
var radixSort = program{
	name: "radixsort", about: "numbers go through an actor for each bit, which reorders them (Savina: Radix Sort)",
	params: []harness.AnyParam{radixItems, radixBits}, per: perMessage, floods: true, curve: radixBits,
	points: harness.Points{
		Standard: []harness.Grid{harness.Over(radixItems.In(5000), radixBits.In(8, 60))},
		Full:     []harness.Grid{harness.Over()},
		Stress: []harness.Grid{harness.Over(
			harness.Within(radixItems, 1, 500), harness.Within(radixBits, 1, 40), fewDispatchers)},
	},
	prepare: func(t *harness.Trial) run {
		bits := radixBits.Of(t)
		numbers := numbers(radixItems.Of(t), bits)
		want := slices.Sorted(slices.Values(numbers))
		return run{units: len(numbers) * (bits + 1), play: func(s *stage) func() error {
			return playRadixSort(s, numbers, want, bits)
		}}
	},
}

func playRadixSort(s *stage, numbers, want []int, bits int) func() error {
	got := make([]int, 0, len(numbers))
	next := s.spawn(flooded, func(_ actors.Context, m any) {
		if got = append(got, *m.(*int)); len(got) == len(numbers) {
			s.finish()
		}
	})
	for bit := bits - 1; bit >= 0; bit-- {
		next = s.spawn(flooded, byBit(s, bit, len(numbers), next))
	}
	for i := range numbers {
		s.tell(next, &numbers[i])
	}
	return func() error { return differs("the numbers are those given, in order", slices.Equal(got, want), true) }
}

// byBit is an actor that sorts n numbers by one bit.
func byBit(s *stage, bit, n int, next actors.Ref) actors.Func {
	var later []*int
	seen := 0
	return func(_ actors.Context, m any) {
		v := m.(*int)
		if *v&(1<<bit) == 0 {
			s.tell(next, v)
		} else {
			later = append(later, v)
		}
		if seen++; seen == n {
			for _, v := range later {
				s.tell(next, v)
			}
		}
	}
}
