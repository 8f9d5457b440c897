package forkjoin

import (
	"fmt"

	"github.com/contendbench/contend/harness"
	forks "github.com/contendbench/contend/impls/forkjoin"
)

// skynet adds up the numbers of the leaves of a tree, in which each node has ten children
// (github.com/atemerev/skynet). Each leaf is a task that does nothing.
var skynet = harness.Workload[forks.New]{
	Load: harness.Load{
		Name: "skynet", Turn: "program",
		About:  "the numbers of the leaves of a tree are added up, a fork for each of the ten children of a node",
		Params: []harness.AnyParam{leaves, workers}, Metrics: programMetrics, Ranks: runNs,
		CurveAxis: leaves, Allocates: true,
		Points: harness.Points{
			Quick:    []harness.Grid{harness.Over(leaves.In(10_000))},
			Standard: []harness.Grid{harness.Over(leaves.In(1000, 10_000, 100_000))},
			Full:     []harness.Grid{harness.Over(leaves.In(1000, 10_000, 100_000, 1_000_000))},
			Stress:   []harness.Grid{harness.Over(leaves.In(1, 10, 100, 1000, 10_000), few)},
		},
	},
	Run: func(t *harness.Trial, newPool forks.New) error {
		n := leaves.Of(t)
		want := n * (n - 1) / 2
		return measure(t, newPool, func() program {
			var got int
			return program{
				alone:  func() { got = sum(0, n) },
				forked: func(s forks.Scope) { got = forkSum(s, 0, n) },
				check: func() error {
					if got != want {
						return fmt.Errorf("the sum of %d leaves is %d, want %d", n, got, want)
					}
					return nil
				},
			}
		})
	},
}

var leaves = harness.Param[int]{
	Key: "leaves", About: "leaves of the tree, a power of ten up to 100000000", Default: 1_000_000,
	Valid: func(n int) bool {
		for n > 1 && n%10 == 0 && n <= 100_000_000 {
			n /= 10
		}
		return n == 1
	},
}

// sum adds up the leaves of the node whose first leaf has that number.
func sum(first, leaves int) int {
	if leaves == 1 {
		return first
	}
	total := 0
	for i := range 10 {
		total += sum(first+i*leaves/10, leaves/10)
	}
	return total
}

func forkSum(s forks.Scope, first, leaves int) int {
	if leaves == 1 {
		return first
	}
	sums := new([10]int)
	for i := range sums {
		s.Fork(func(s forks.Scope) { sums[i] = forkSum(s, first+i*leaves/10, leaves/10) })
	}
	s.Join()
	total := 0
	for _, n := range sums {
		total += n
	}
	return total
}
