package forkjoin

import (
	"sync"
	"sync/atomic"
)

// Goroutines starts a goroutine for every fork, and the runtime schedules them.
//
// Source: the go statement and sync.WaitGroup.
// Progress: that of the Go scheduler, which steals goroutines from the queues of its
// processors. A new goroutine runs next on the processor of the fork.
// Space: a goroutine with a stack of 2 KB or more for each task, from its fork to its
// end.
// Ordering: the end of a goroutine synchronizes before the Wait that it unblocks.
// Wins where tasks take long or block. Loses where they are small, and where a flat loop
// forks millions, which all exist at once.
// The zero value is ready for use, and may be copied. It has no workers of its own.
type Goroutines struct{}

// Run runs the task on the caller's goroutine.
func (Goroutines) Run(task Task) { mustRun(task, new(group)) }

// Close does nothing.
func (Goroutines) Close() {}

// mustRun runs the task of a Run, and passes its panic on.
func mustRun(task Task, s Scope) {
	if failure := run(task, s); failure != nil {
		panic(failure)
	}
}

// group is the scope of a task with a goroutine of its own.
type group struct {
	children sync.WaitGroup
	failure  atomic.Pointer[PanicError] // of the first child that panicked
}

// Fork starts a goroutine.
func (g *group) Fork(task Task) { g.start(task, new(group)) }

func (g *group) start(task Task, child Scope) {
	g.children.Add(1)
	go func() {
		defer g.children.Done()
		g.ended(run(task, child))
	}()
}

// ended takes note that a child has run.
func (g *group) ended(failure *PanicError) {
	if failure != nil {
		g.failure.CompareAndSwap(nil, failure)
	}
}

// Join waits for the goroutines.
func (g *group) Join() {
	g.children.Wait()
	if g.failure.Load() != nil {
		panic(g.failure.Swap(nil))
	}
}

func (g *group) abandon() { g.children.Wait() }
