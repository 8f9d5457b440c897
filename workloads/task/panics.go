package task

import (
	"errors"
	"math/rand/v2"
	"runtime"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	tasks "github.com/contendbench/contend/impls/task"
)

// panics has tasks panic among others. Afterwards all others have run, and the pool still
// has all of its workers, and no more.
var panics = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "panics", Turn: "life of a pool", About: "some tasks panic; the pool loses no other task and no worker",
		Params: []harness.AnyParam{workers, queue, each},
		Needs:  []impls.Promise{tasks.SurvivesPanic}, Probes: []impls.Promise{tasks.SurvivesPanic}, Allocates: true,
		Points: harness.Points{Stress: endings},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		return survive(t, create, func() { panic("a task of a test panics") }, func() { panic(errPanic) }, crash)
	},
}

// exits has tasks end their goroutine.
var exits = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "exits", Turn: "life of a pool",
		About:  "some tasks call runtime.Goexit; the pool loses no other task and no worker",
		Params: []harness.AnyParam{workers, queue, each},
		Needs:  []impls.Promise{tasks.SurvivesGoexit}, Probes: []impls.Promise{tasks.SurvivesGoexit}, Allocates: true,
		Points: harness.Points{Stress: endings},
	},
	Run: func(t *harness.Trial, create tasks.New) error { return survive(t, create, runtime.Goexit) },
}

var endings = []harness.Grid{
	over(tinyPools, each.In(1, 2, 10)),
	over(smallPools, harness.Within(each, 1, 40)),
}

var errPanic = errors.New("the error with which a task of a test panics")

// crash makes the runtime panic.
func crash() {
	var none []int
	none[len(none)]++
}

// survive plays lives in which about half of the tasks end in one of some ways.
func survive(t *harness.Trial, create tasks.New, ways ...func()) error {
	n, room := poolSize(t)
	return playLives(t, func(w *harness.Worker) error {
		l := newLedger(t, create, n, room)
		for range 1 + w.Rand().IntN(2) {
			for range each.Of(t) {
				if err := l.insist(pick(w.Rand(), ways)); err != nil {
					return err
				}
			}
			if err := meet(n, l.insist); err != nil {
				return err
			}
		}
		return l.finish(1)
	})
}

// pick returns one of some ways to end a task, or the usual one.
func pick(rng *rand.Rand, ways []func()) func() {
	if rng.IntN(2) == 0 {
		return nothing
	}
	return ways[rng.IntN(len(ways))]
}
