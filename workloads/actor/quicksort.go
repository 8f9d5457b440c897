package actor

import (
	"math/rand/v2"
	"slices"

	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
)

var (
	sortItems = size("items", "numbers to sort", 1_000_000)
	sortAlone = size("alone", "numbers that an actor sorts alone", 2048)
)

// quickSort sorts with two children for each actor that has more numbers than it sorts
// alone. Children send their numbers, and actors join them.
var quickSort = program{
	name: "quicksort", about: "actors divide numbers among children, and join what they have sorted (Savina: Quicksort)",
	params: []harness.AnyParam{sortItems, sortAlone}, per: per("item"), curve: sortItems,
	points: harness.Points{
		Standard: []harness.Grid{harness.Over(sortItems.In(100_000), sortAlone.In(128, 2048))},
		Full:     []harness.Grid{harness.Over()},
		Stress: []harness.Grid{harness.Over(
			harness.Within(sortItems, 1, 3000), sortAlone.In(1, 16, 200), fewDispatchers)},
	},
	prepare: func(t *harness.Trial) run {
		numbers := numbers(sortItems.Of(t), 60)
		want, alone := slices.Sorted(slices.Values(numbers)), sortAlone.Of(t)
		return run{units: len(numbers), play: func(s *stage) func() error {
			var got []int
			result := s.spawn(1, func(_ actors.Context, m any) {
				got = m.(sortedPart).numbers
				s.finish()
			})
			q := &sorter{stage: s, parent: result, alone: alone}
			s.tell(s.spawn(2, q.receive), unsorted(numbers))
			return func() error { return differs("the numbers are those given, in order", slices.Equal(got, want), true) }
		}}
	},
}

// numbers draws n numbers of that many bits. They are the same each time.
func numbers(n, bits int) []int {
	rng := rand.New(rand.NewPCG(uint64(n), uint64(bits)))
	list := make([]int, n)
	for i := range list {
		list[i] = int(rng.Uint64() >> (64 - bits))
	}
	return list
}

type (
	unsorted   []int // the order of a parent, which must not be written
	sortedPart struct {
		part    int // 0: those below the pivot, 1: those above
		numbers []int
	}
)

// sorter is the state of an actor.
type sorter struct {
	stage   *stage
	parent  actors.Ref
	part    int
	alone   int
	parts   [2][]int
	equal   []int
	answers int
}

func (q *sorter) receive(c actors.Context, m any) {
	switch m := m.(type) {
	case unsorted:
		if len(m) <= q.alone {
			q.reply(c, slices.Sorted(slices.Values(m)))
			return
		}
		for i, part := range q.divide(m) {
			child := &sorter{stage: q.stage, parent: c.Self(), part: i, alone: q.alone}
			q.stage.tell(c.Spawn(props(2, child.receive)), unsorted(part))
		}
	case sortedPart:
		q.parts[m.part] = m.numbers
		if q.answers++; q.answers == 2 {
			q.reply(c, slices.Concat(q.parts[0], q.equal, q.parts[1]))
		}
	}
}

// divide returns the numbers below and above a pivot, and keeps those that are equal.
func (q *sorter) divide(list []int) (parts [2][]int) {
	pivot := list[len(list)/2]
	for _, v := range list {
		switch {
		case v < pivot:
			parts[0] = append(parts[0], v)
		case v > pivot:
			parts[1] = append(parts[1], v)
		default:
			q.equal = append(q.equal, v)
		}
	}
	return parts
}

func (q *sorter) reply(c actors.Context, list []int) {
	q.stage.tell(q.parent, sortedPart{q.part, list})
	c.Stop()
}
