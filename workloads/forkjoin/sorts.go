package forkjoin

import (
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/contendbench/contend/harness"
	forks "github.com/contendbench/contend/impls/forkjoin"
)

// quicksort forks one side of each partition. The sides differ, and the first partition
// is sequential.
var quicksort = harness.Workload[forks.New]{
	Load: sortLoad("quicksort", "an array is sorted by partitions, a fork for one side of each"),
	Run: func(t *harness.Trial, newPool forks.New) error {
		return measureSort(t, newPool, func(values []uint32, grain int) (alone func(), forked func(forks.Scope)) {
			return func() { quick(values) }, func(s forks.Scope) { forkQuick(s, values, grain) }
		})
	},
}

// mergesort forks both halves of an array, and merges them itself.
var mergesort = harness.Workload[forks.New]{
	Load: sortLoad("mergesort", "an array is sorted in halves, a fork for each, which are then merged"),
	Run: func(t *harness.Trial, newPool forks.New) error {
		return measureSort(t, newPool, func(values []uint32, grain int) (alone func(), forked func(forks.Scope)) {
			space := make([]uint32, len(values))
			return func() { halves(values, space) }, func(s forks.Scope) { forkHalves(s, values, space, grain) }
		})
	},
}

func sortLoad(name, about string) harness.Load {
	return harness.Load{
		Name: name, Turn: "program", About: about,
		Params: []harness.AnyParam{length, grain, workers}, Metrics: programMetrics, Ranks: runNs, Allocates: true,
		Takes: 700 * time.Millisecond,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(length.In(1_000_000), grain.In(100, 2000))},
			Stress: []harness.Grid{
				harness.Over(harness.Within(length, 1, 5000), harness.Within(grain, 1, 300), few),
			},
		},
	}
}

var (
	length = harness.Param[int]{
		Key: "length", About: "values to sort, 1 to 100000000", Default: 1_000_000,
		Valid: harness.Between(1, 100_000_000),
	}
	grain = harness.Param[int]{
		Key: "grain", About: "what is done without a fork: at most this many values or iterations", Default: 2000,
		Valid: harness.AtLeast(1),
	}
)

var errSort = errors.New("the array differs from the one that package slices has sorted")

// measureSort measures a sort of random values.
func measureSort(
	t *harness.Trial, newPool forks.New, sort func(values []uint32, grain int) (alone func(), forked func(forks.Scope)),
) error {
	given := make([]uint32, length.Of(t))
	rng := rand.New(rand.NewPCG(1, uint64(len(given))))
	for i := range given {
		given[i] = rng.Uint32N(uint32(len(given)))
	}
	want := slices.Clone(given)
	slices.Sort(want)
	return measure(t, newPool, func() program {
		values := slices.Clone(given)
		alone, forked := sort(values, grain.Of(t))
		return program{alone, forked, func() error {
			if !slices.Equal(values, want) {
				return errSort
			}
			return nil
		}}
	})
}

// shortest is the length of an array that insertion sorts best.
const shortest = 16

func insertion(values []uint32) {
	for i := 1; i < len(values); i++ {
		v, at := values[i], i
		for ; at > 0 && values[at-1] > v; at-- {
			values[at] = values[at-1]
		}
		values[at] = v
	}
}

// partition divides values around one of them, and returns the two sides without the
// values that equal it (Dijkstra's national flag).
func partition(values []uint32) (low, high []uint32) {
	first, middle, last := values[0], values[len(values)/2], values[len(values)-1]
	pivot := max(min(first, middle), min(max(first, middle), last))
	at, end := 0, len(values)
	for i := 0; i < end; {
		switch v := values[i]; {
		case v < pivot:
			values[at], values[i] = v, values[at]
			at++
			i++
		case v > pivot:
			end--
			values[end], values[i] = v, values[end]
		default:
			i++
		}
	}
	return values[:at], values[end:]
}

func quick(values []uint32) {
	for len(values) > shortest {
		low, high := partition(values)
		quick(low)
		values = high
	}
	insertion(values)
}

// forkQuick leaves the joins to the ends of the tasks.
func forkQuick(s forks.Scope, values []uint32, grain int) {
	for len(values) > max(grain, shortest) {
		low, high := partition(values)
		s.Fork(func(s forks.Scope) { forkQuick(s, low, grain) })
		values = high
	}
	quick(values)
}

// halves sorts values; space is as long.
func halves(values, space []uint32) {
	if len(values) <= shortest {
		insertion(values)
		return
	}
	half := len(values) / 2
	halves(values[:half], space[:half])
	halves(values[half:], space[half:])
	merge(values, space, half)
}

func forkHalves(s forks.Scope, values, space []uint32, grain int) {
	if len(values) <= max(grain, shortest) {
		halves(values, space)
		return
	}
	half := len(values) / 2
	s.Fork(func(s forks.Scope) { forkHalves(s, values[:half], space[:half], grain) })
	s.Fork(func(s forks.Scope) { forkHalves(s, values[half:], space[half:], grain) })
	s.Join()
	merge(values, space, half)
}

// merge merges two sorted parts of values, of which the second begins at half.
func merge(values, space []uint32, half int) {
	copy(space[:half], values[:half])
	first, second := space[:half], values[half:]
	for at := 0; len(first) > 0; at++ {
		if len(second) > 0 && second[0] < first[0] {
			values[at], second = second[0], second[1:]
		} else {
			values[at], first = first[0], first[1:]
		}
	}
}
