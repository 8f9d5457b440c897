package actor

import (
	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
)

var (
	board = harness.Param[int]{
		Key: "n", About: "rows of the board, 1 to 14", Default: 12, Valid: harness.Between(1, 14),
	}
	queenWorkers = size("actors", "actors that search", 20)
	threshold    = harness.Param[int]{
		Key: "depth", About: "rows up to which a search is divided, 0 to 4", Default: 4, Valid: harness.Between(0, 4),
	}
)

// nQueens counts the ways to place queens. A master hands boards out; a worker extends a
// board by a row and returns its successors, or counts below a depth.
var nQueens = program{
	name: "nqueens", about: "a master hands boards out to workers, which search (Savina: NQueens)",
	params: []harness.AnyParam{board, queenWorkers, threshold}, per: per("board"), curve: board,
	points: harness.Points{
		Standard: []harness.Grid{harness.Over(board.In(8, 10))},
		Full:     []harness.Grid{harness.Over()},
		Stress: []harness.Grid{harness.Over(
			harness.Within(board, 1, 8), harness.Within(queenWorkers, 1, 40), threshold.In(0, 2, 4), fewDispatchers)},
	},
	prepare: func(t *harness.Trial) run {
		n, workers, depth := board.Of(t), queenWorkers.Of(t), min(threshold.Of(t), board.Of(t))
		return run{units: divided(position{n: n}, depth), play: func(s *stage) func() error {
			return playQueens(s, n, workers, depth)
		}}
	},
}

// solutions is the number of ways to place n queens (OEIS A000170).
var solutions = [...]int{1, 1, 0, 0, 2, 10, 4, 40, 92, 352, 724, 2680, 14200, 73712, 365596}

// position is a board with queens in its first rows: the columns and diagonals in use.
type position struct {
	n, row            int
	columns, up, down uint32
}

// extend calls f with each board that has one more row.
func (p position) extend(f func(position)) {
	for free := ^(p.columns | p.up | p.down) & (1<<p.n - 1); free != 0; free &= free - 1 {
		bit := free & -free
		f(position{p.n, p.row + 1, p.columns | bit, (p.up | bit) << 1, (p.down | bit) >> 1})
	}
}

// count counts the solutions from a position.
func (p position) count() (n int) {
	if p.row == p.n {
		return 1
	}
	p.extend(func(q position) { n += q.count() })
	return n
}

// divided is the number of boards that workers get.
func divided(p position, depth int) int {
	n := 1
	if p.row < depth {
		p.extend(func(q position) { n += divided(q, depth) })
	}
	return n
}

// searched is the answer of a worker to a board.
type searched struct{ solutions int }

func playQueens(s *stage, n, workers, depth int) func() error {
	refs := make([]actors.Ref, workers)
	got, open, next := 0, 0, 0
	room := divided(position{n: n}, depth) + 1
	master := s.spawn(2*room, func(_ actors.Context, m any) {
		switch m := m.(type) {
		case *position:
			open++
			s.tell(refs[next], m)
			next = (next + 1) % workers
		case searched:
			got += m.solutions
			if open--; open == 0 {
				s.finish()
			}
		}
	})
	for i := range refs {
		refs[i] = s.spawn(room, func(_ actors.Context, m any) {
			p := m.(*position)
			answer := searched{}
			if p.row < depth {
				p.extend(func(q position) { s.tell(master, &q) })
			} else {
				answer.solutions = p.count()
			}
			s.tell(master, answer) // after the boards that it made, so that open is 0 at the end only
		})
	}
	s.tell(master, &position{n: n})
	return func() error { return differs("solutions", got, solutions[n]) }
}
