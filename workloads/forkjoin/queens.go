package forkjoin

import (
	"fmt"
	"math/bits"
	"time"

	"github.com/contendbench/contend/harness"
	forks "github.com/contendbench/contend/impls/forkjoin"
)

// queens counts the ways to place queens on a board so that none attacks another one.
var queens = harness.Workload[forks.New]{
	Load: harness.Load{
		Name: "nqueens", Turn: "program",
		About:  "all ways to place n queens on a board of n by n, a fork for each place in the first rows",
		Params: []harness.AnyParam{boardSide, forkedRows, workers}, Metrics: programMetrics, Ranks: runNs, Allocates: true,
		Takes: time.Second,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(boardSide.In(12), forkedRows.In(3, 12))},
			Stress: []harness.Grid{
				harness.Over(harness.Within(boardSide, 1, 7), harness.Within(forkedRows, 1, 8), few),
			},
		},
	},
	Run: func(t *harness.Trial, newPool forks.New) error {
		b := board{side: boardSide.Of(t), rows: forkedRows.Of(t)}
		return measure(t, newPool, func() program {
			var got int
			return program{
				alone:  func() { got = b.count(placed{}) },
				forked: func(s forks.Scope) { b.fork(s, placed{}, &got) },
				check: func() error {
					if want := solutions[b.side]; got != want {
						return fmt.Errorf("there are %d ways to place %d queens, want %d", got, b.side, want)
					}
					return nil
				},
			}
		})
	},
}

var (
	boardSide = harness.Param[int]{
		Key: "side", About: "side of the board, 1 to 15", Default: 12, Valid: harness.Between(1, len(solutions)-1),
	}
	forkedRows = harness.Param[int]{
		Key: "forked-rows", About: "rows in which each place is a fork, 1 to 15", Default: 3,
		Valid: harness.Between(1, 15),
	}
)

// solutions by the side of the board (OEIS A000170).
var solutions = [...]int{1, 1, 0, 0, 2, 10, 4, 40, 92, 352, 724, 2680, 14_200, 73_712, 365_596, 2_279_184}

// board is the problem.
type board struct{ side, rows int }

// placed are queens in the first rows of a board. A bit of the others says that a queen
// attacks that place of the next row: straight, or by either diagonal.
type placed struct {
	row                   int
	straight, left, right uint32
}

// free returns the places of the next row that no queen attacks.
func (b board) free(p placed) uint32 {
	return (1<<b.side - 1) &^ (p.straight | p.left | p.right)
}

// with returns p with a queen in the next row, at the place that is the only bit of at.
func (p placed) with(at uint32) placed {
	return placed{p.row + 1, p.straight | at, (p.left | at) << 1, (p.right | at) >> 1}
}

// count counts the ways to place the other queens.
func (b board) count(p placed) int {
	if p.row == b.side {
		return 1
	}
	n := 0
	for free := b.free(p); free != 0; free &= free - 1 {
		n += b.count(p.with(free & -free))
	}
	return n
}

// fork is count with a task for each place of the first rows.
func (b board) fork(s forks.Scope, p placed, found *int) {
	if p.row == b.side || p.row >= b.rows {
		*found = b.count(p)
		return
	}
	free := b.free(p)
	counts := make([]int, bits.OnesCount32(free))
	for i := range counts {
		next := p.with(free & -free)
		free &= free - 1
		s.Fork(func(s forks.Scope) { b.fork(s, next, &counts[i]) })
	}
	s.Join()
	for _, n := range counts {
		*found += n
	}
}
