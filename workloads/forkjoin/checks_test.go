package forkjoin

import (
	"math/rand/v2"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	forks "github.com/contendbench/contend/impls/forkjoin"
)

// liar is a scheduler that makes promises which it does not keep.
func liar(newPool forks.New, promises ...impls.Promise) harness.Suite {
	return Suite(impls.New("liar", impls.Runtime, "here", newPool, promises...))
}

// A goroutine for each fork is no bounded number of workers.
func TestLimitFindsTooManyTasks(t *testing.T) {
	unbounded := liar(func(int) forks.Pool { return forks.Goroutines{} }, forks.BoundedWorkers)
	harness.Finds(t, unbounded, "limit", "at a time")
}

// mute is a Goroutines whose Run does not panic.
type mute struct{ forks.Goroutines }

func (m mute) Run(task forks.Task) {
	defer func() { _ = recover() }()
	m.Goroutines.Run(task)
}

func TestPanicsFindsARunThatReturns(t *testing.T) {
	harness.Finds(t, liar(func(int) forks.Pool { return mute{} }, forks.PassesPanics), "panics", "a Run returned")
}

// leaky is a Goroutines that leaves a goroutine behind.
type leaky struct{ forks.Goroutines }

func (leaky) Close() { go func() { select {} }() }

func TestLivesFindsGoroutinesThatStay(t *testing.T) {
	harness.Finds(t, liar(func(int) forks.Pool { return leaky{} }), "lives", "goroutines")
}

// wrong is a scheduler that runs every tenth task twice.
type wrong struct{ forks.Sequential }

func (w wrong) Run(task forks.Task) { task(twice{new(int)}) }

type twice struct{ forked *int }

func (s twice) Fork(task forks.Task) {
	task(s)
	if *s.forked++; *s.forked%10 == 0 {
		task(s)
	}
}

func (twice) Join() {}

// Programs find it whose results depend on how often a task runs.
func TestLoadsFindATaskThatRunsTwice(t *testing.T) {
	suite := liar(func(int) forks.Pool { return wrong{} })
	for load, complaint := range map[string]string{
		"trees": "times, want once", "runs": "times, want once", "lives": "times, want once",
		"nqueens": "ways to place", "matmul": "product differs", "uneven": "loop differ",
	} {
		harness.Finds(t, suite, load, complaint)
	}
}

// lazy is a scheduler that runs no task.
type lazy struct{ forks.Sequential }

func (l lazy) Run(task forks.Task) { task(l) }

func (lazy) Fork(forks.Task) {}

func TestLoadsFindATaskThatIsLost(t *testing.T) {
	suite := liar(func(int) forks.Pool { return lazy{} })
	for load, complaint := range map[string]string{
		"fib": "fib(", "nqueens": "ways to place", "quicksort": "array differs", "mergesort": "array differs",
		"matmul": "product differs", "uts": "nodes, want", "skynet": "sum of", "uneven": "loop differ",
		"trees": "task ",
	} {
		harness.Finds(t, suite, load, complaint)
	}
}

// The sizes of the trees by depth: that of the deepest is published, and each one is the
// part of it down to its depth.
func TestSizesOfTheUnbalancedTrees(t *testing.T) {
	for deepest, want := range utsSizes {
		if deepest > 8 && testing.Short() {
			continue
		}
		root := utsRoot(deepest)
		if got := root.count(deepest); got != want {
			t.Errorf("depth %d: got %d nodes, want %d", deepest, got, want)
		}
	}
}

// A check that a Join has come too early looks at the tasks below a child, too.
func TestJoinedLooksBelow(t *testing.T) {
	tr := newTree(rand.New(rand.NewPCG(1, 1)), 4, "chain")
	for i := range tr.vertices {
		tr.vertices[i].handed, tr.vertices[i].ended = 1, i < 3
	}
	if tr.joined(tr.vertices[0].children); tr.failed() == nil {
		t.Error("got no failure for a task that has not ended, want one")
	}
}

// The shapes are trees: each vertex but the root has a parent before it.
func TestShapes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for name, parent := range shapes {
		for i := 1; i < 1000; i++ {
			if got := parent(rng, i); got < 0 || got >= i {
				t.Errorf("%s: got parent %d of %d, want one before it", name, got, i)
			}
		}
	}
}
