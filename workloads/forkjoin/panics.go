package forkjoin

import (
	"fmt"
	"strings"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	forks "github.com/contendbench/contend/impls/forkjoin"
)

// panics has one task of a tree panic, in every second round.
var panics = harness.Workload[forks.New]{
	Load: harness.Load{
		Name: "panics", Turn: "tree",
		About:  "one task of a tree panics: the caller of Run gets the panic, once all tasks have ended",
		Params: []harness.AnyParam{vertices, shape, workers},
		Needs:  []impls.Promise{forks.PassesPanics}, Probes: []impls.Promise{forks.PassesPanics},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(vertices, 1, 60), shape.In("random", "binary", "wide", "comb"), few),
		}},
	},
	Run: func(t *harness.Trial, newPool forks.New) error {
		n, shape, workers := vertices.Of(t), shape.Of(t), workersOf(t)
		return t.Window(func(w *harness.Window) error {
			pool := newPool(workers)
			w.Go("caller", 1, func(w *harness.Worker) {
				for round := 1; w.Next(); round++ {
					t := newTree(w.Rand(), n, shape)
					err := t.runPanic(pool, round, w.Rand().IntN(n))
					if err == nil {
						t.failure.Store(nil)
						err = t.run(pool, round)
					}
					if err != nil {
						w.Fail(err)
						return
					}
				}
				pool.Close()
			})
			return nil
		})
	},
}

// runPanic runs the tree, of which a task panics.
func (t *tree) runPanic(pool forks.Pool, round, number int) error {
	t.reset()
	root, v := &t.vertices[0], &t.vertices[number]
	v.panics = fmt.Sprintf("the panic of task %d in round %d", number, round)
	defer func() { v.panics = "" }()
	root.handed = round
	got := recovers(func() { pool.Run(func(s forks.Scope) { t.visit(s, root, round) }) })
	if err := t.failed(); err != nil {
		return err
	}
	if got == nil {
		return fmt.Errorf("a Run returned, want %s", v.panics)
	}
	if text := fmt.Sprint(got); !strings.Contains(text, v.panics) {
		return fmt.Errorf("a Run panicked with %.300q, want %s", text, v.panics)
	}
	// The joins of those above it panic, too, and they may not have forked all of theirs.
	above := t.above(v)
	return t.settled(func(other *vertex) bool { return other.handed != 0 && !above[other] })
}

// above returns v and all tasks above it.
func (t *tree) above(v *vertex) map[*vertex]bool {
	above := map[*vertex]bool{v: true}
	for i := len(t.vertices) - 1; i >= 0; i-- { // parents have smaller numbers
		for _, c := range t.vertices[i].children {
			if above[c] {
				above[&t.vertices[i]] = true
			}
		}
	}
	return above
}

func recovers(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}
