package forkjoin

import (
	"fmt"
	"slices"
	"strings"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	forks "github.com/contendbench/contend/impls/forkjoin"
)

// panics has one task of a tree panic, in every second round. Some tasks recover what
// their joins panic with.
var panics = harness.Workload[forks.New]{
	Load: harness.Load{
		Name: "panics", Turn: "tree",
		About:  "one task of a tree panics: a Join or the caller of Run gets the panic, once all tasks have ended",
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
					for i := range t.vertices {
						if v := &t.vertices[i]; w.Rand().IntN(6) == 0 {
							v.recovers, v.joins = true, true
						}
					}
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
	fails, recoverer := t.failing(v)
	defer func() {
		v.panics = ""
		for f := range fails {
			f.fails = false
		}
	}()
	root.handed = round
	got := recovers(func() { pool.Run(func(s forks.Scope) { t.visit(s, root, round) }) })
	if err := t.failed(); err != nil {
		return err
	}
	switch text := fmt.Sprint(got); {
	case recoverer == nil && got == nil:
		return fmt.Errorf("a Run returned, want %s", v.panics)
	case recoverer == nil && !strings.Contains(text, v.panics):
		return fmt.Errorf("a Run panicked with %.300q, want %s", text, v.panics)
	case recoverer != nil && got != nil:
		return fmt.Errorf("a Run panicked with %.300q, which task %d had recovered", text, recoverer.number)
	case recoverer != nil && recoverer.caught != 1:
		return fmt.Errorf("the joins of a task panicked %d times with one panic, want once", recoverer.caught)
	}
	// Those that fail may not have forked all of theirs.
	return t.settled(func(other *vertex) bool { return other.handed != 0 && !other.fails })
}

// failing marks the tasks that the panic of v ends: v, and those above it whose joins panic,
// up to one that recovers; nil: none does.
func (t *tree) failing(v *vertex) (fails map[*vertex]bool, recoverer *vertex) {
	v.fails = true
	fails = map[*vertex]bool{v: true}
	for i := v.number - 1; i >= 0; i-- { // parents have smaller numbers
		parent := &t.vertices[i]
		switch {
		case !slices.ContainsFunc(parent.children, func(c *vertex) bool { return fails[c] }):
		case parent.recovers:
			return fails, parent
		default:
			parent.fails, fails[parent] = true, true
		}
	}
	return fails, nil
}

func recovers(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}
