package forkjoin

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	forks "github.com/contendbench/contend/impls/forkjoin"
)

// tree is a program whose tasks mark themselves, in plain data: one task for each vertex,
// which forks those of its children. So the race detector sees whether what was written
// before a Fork happens before the task, and the marks before the return of a Join.
type tree struct {
	vertices []vertex // the first one is the root
	failure  atomic.Pointer[error]
}

// vertex is a task. Its parent writes handed, and the task the other marks.
type vertex struct {
	number   int
	children []*vertex
	pause    int    // it joins after each this many forks; 0: it does not
	joins    bool   // it joins at its end, and does not leave that to the scheduler
	recovers bool   // it recovers the panics of its joins
	panics   string // it panics with that after its forks; "": it does not
	fails    bool   // a panic ends it: its own, or that of a join

	handed int // its number and the round, written before the Fork
	runs   int
	caught int // panics that it has recovered
	ended  bool
}

// shapes say which vertex is the parent of number i.
var shapes = map[string]func(rng *rand.Rand, i int) int{
	"random": func(rng *rand.Rand, i int) int { return rng.IntN(i) },
	"binary": func(_ *rand.Rand, i int) int { return (i - 1) / 2 },
	"wide":   func(*rand.Rand, int) int { return 0 },
	"chain":  func(_ *rand.Rand, i int) int { return i - 1 },
	// One-sided: of three children, only the first one has children.
	"comb": func(_ *rand.Rand, i int) int { return max(0, (i-1)/3*3-2) },
}

var (
	vertices = harness.Param[int]{
		Key: "vertices", About: "tasks of the tree, 1 to 1000000", Default: 300, Valid: harness.Between(1, 1_000_000),
	}
	shape = harness.Param[string]{
		Key: "shape", About: "random, binary, wide, chain or comb (a chain with leaves)", Default: "random",
		Valid: func(s string) bool { return shapes[s] != nil },
	}

	allShapes = shape.In("random", "binary", "wide", "chain", "comb")
)

func newTree(rng *rand.Rand, n int, shape string) *tree {
	t := &tree{vertices: make([]vertex, n)}
	for i := range t.vertices {
		v := &t.vertices[i]
		v.number, v.joins = i, rng.IntN(2) == 0
		if rng.IntN(3) == 0 {
			v.pause = 1 + rng.IntN(3)
		}
		if i > 0 {
			parent := &t.vertices[shapes[shape](rng, i)]
			parent.children = append(parent.children, v)
		}
	}
	return t
}

// run runs the tree on a pool, and checks it. Each round has another number.
func (t *tree) run(pool forks.Pool, round int) error {
	t.reset()
	root := &t.vertices[0]
	root.handed = round
	pool.Run(func(s forks.Scope) { t.visit(s, root, round) })
	return errors.Join(t.failed(), t.settled(func(*vertex) bool { return true }))
}

func (t *tree) reset() {
	for i := range t.vertices {
		v := &t.vertices[i]
		v.handed, v.runs, v.caught, v.ended = 0, 0, 0, false
	}
}

// visit is the task of a vertex.
func (t *tree) visit(s forks.Scope, v *vertex, round int) {
	v.runs++
	if v.fails {
		defer func() { v.ended = true }()
	}
	if want := v.number + round; v.handed != want {
		t.fail(fmt.Errorf("task %d found %d, want the %d that was written before its Fork", v.number, v.handed, want))
	}
	joined := 0
	for i, c := range v.children {
		c.handed = c.number + round
		s.Fork(func(s forks.Scope) { t.visit(s, c, round) })
		if v.pause > 0 && (i+1)%v.pause == 0 {
			v.join(s)
			t.joined(v.children[joined : i+1])
			joined = i + 1
		}
	}
	if v.panics != "" {
		panic(v.panics)
	}
	if v.joins {
		v.join(s)
		t.joined(v.children[joined:])
	}
	v.ended = true
}

// join joins, and may recover a panic.
func (v *vertex) join(s forks.Scope) {
	if !v.recovers {
		s.Join()
	} else if recovers(s.Join) != nil {
		v.caught++
	}
}

// joined checks that children have ended, and some of those below.
func (t *tree) joined(children []*vertex) {
	for _, c := range children {
		look := 8
		if below := c.running(&look); below != nil {
			t.fail(fmt.Errorf("a Join returned before task %d had ended, which it must wait for", below.number))
		}
	}
}

// running returns a vertex that has not ended, of v and those below. It looks at that
// many at most.
func (v *vertex) running(look *int) *vertex {
	if *look--; *look < 0 || v.handed == 0 { // a task that has failed did not fork all of its own
		return nil
	}
	if !v.ended {
		return v
	}
	for _, c := range v.children {
		if r := c.running(look); r != nil {
			return r
		}
	}
	return nil
}

// settled checks, after a Run, that each task has run once, and has ended if it must.
func (t *tree) settled(mustEnd func(*vertex) bool) error {
	for i := range t.vertices {
		switch v := &t.vertices[i]; {
		case v.handed == 0 && v.runs == 0: // it was not forked
			if mustEnd(v) {
				return fmt.Errorf("task %d of %d was not forked", i, len(t.vertices))
			}
		case v.runs != 1:
			return fmt.Errorf("task %d of %d ran %d times, want once", i, len(t.vertices), v.runs)
		case !v.ended && mustEnd(v):
			return fmt.Errorf("a Run returned before task %d of %d had ended", i, len(t.vertices))
		}
	}
	return nil
}

func (t *tree) fail(err error) { t.failure.CompareAndSwap(nil, &err) }

func (t *tree) failed() error {
	if err := t.failure.Load(); err != nil {
		return *err
	}
	return nil
}
