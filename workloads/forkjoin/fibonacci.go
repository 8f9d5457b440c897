package forkjoin

import (
	"fmt"

	"github.com/contendbench/contend/harness"
	forks "github.com/contendbench/contend/impls/forkjoin"
)

// fibonacci computes a Fibonacci number by its definition: almost nothing but forks.
var fibonacci = harness.Workload[forks.New]{
	Load: harness.Load{
		Name: "fib", Turn: "program", About: "a Fibonacci number by its definition, a fork for each pair of calls",
		Params: []harness.AnyParam{number, cutoff, workers}, Metrics: programMetrics, Ranks: runNs,
		CurveAxis: cutoff, Maps: []harness.Plane{{number, cutoff}}, Allocates: true,
		Points: harness.Points{
			Quick: []harness.Grid{harness.Over(number.In(20), cutoff.In(0))},
			Standard: []harness.Grid{
				harness.Over(number.In(20, 23, 26), cutoff.In(0, 6, 12)),
				harness.Over(number.In(32), cutoff.In(18), workers.In(1, 2, 4, 8)),
			},
			Stress: []harness.Grid{
				harness.Over(harness.Within(number, 1, 18), cutoff.In(0, 4), few),
				harness.Over(harness.Within(number, 1, 12), cutoff.In(0), harness.Within(workers, 2, 300)),
			},
		},
	},
	Run: func(t *harness.Trial, newPool forks.New) error {
		n, cutoff := number.Of(t), cutoff.Of(t)
		want := fibOf(n)
		return measure(t, newPool, func() program {
			var got int
			return program{
				alone:  func() { got = fib(n) },
				forked: func(s forks.Scope) { got = forkFib(s, n, cutoff) },
				check: func() error {
					if got != want {
						return fmt.Errorf("fib(%d) is %d, want %d", n, got, want)
					}
					return nil
				},
			}
		})
	},
}

var (
	number = harness.Param[int]{
		Key: "number", About: "which Fibonacci number, 1 to 50", Default: 27, Valid: harness.Between(1, 50),
	}
	cutoff = harness.Param[int]{
		Key: "cutoff", About: "what is computed without a fork: numbers up to this one, 0 to 50", Default: 12,
		Valid: harness.Between(0, 50),
	}
)

// fibOf adds up the Fibonacci numbers: the known value.
func fibOf(n int) int {
	a, b := 0, 1
	for range n {
		a, b = b, a+b
	}
	return a
}

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

// forkFib forks one call and makes the other, in the same scope. So the innermost Join
// waits for all forks of a scope.
func forkFib(s forks.Scope, n, cutoff int) int {
	if n < 2 || n <= cutoff {
		return fib(n)
	}
	var first int
	s.Fork(func(s forks.Scope) { first = forkFib(s, n-1, cutoff) })
	second := forkFib(s, n-2, cutoff)
	s.Join()
	return first + second
}
