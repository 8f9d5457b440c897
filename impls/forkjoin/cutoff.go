package forkjoin

import "sync/atomic"

// Cutoff starts goroutines as long as few of them exist, and runs other tasks at once, as
// part of their fork.
//
// Source: Duran, Corbalán and Ayguadé, An Adaptive Cut-off for Task Parallelism, SC 2008,
// §3 (max-tasks).
// Progress: that of the Go scheduler. A task that was run as part of its fork cannot move
// to a processor that becomes idle later, so it is not work-conserving.
// Space: a scope for each task, and goroutines as far as the limit goes.
// Ordering: the end of a goroutine synchronizes before the Wait that it unblocks.
// Wins over a goroutine for each fork, without a scheduler of its own. Loses where the
// first tasks are short and later ones long.
// Make one with NewCutoff. It must not be copied.
type Cutoff struct {
	limit   int64 // of goroutines
	pending atomic.Int64
}

// perWorker is how many goroutines there are for each worker, so that one that waits in a
// Join leaves no processor idle.
const perWorker = 4

// NewCutoff returns a pool without workers.
func NewCutoff(workers int) *Cutoff { return &Cutoff{limit: int64(perWorker * workers)} }

// Run runs the task on the caller's goroutine.
func (c *Cutoff) Run(task Task) { mustRun(task, &cutoffGroup{pool: c}) }

// Close does nothing.
func (*Cutoff) Close() {}

// cutoffGroup is the scope of a task.
type cutoffGroup struct {
	group
	pool *Cutoff
}

// Fork starts a goroutine or runs the task.
func (g *cutoffGroup) Fork(task Task) {
	child := &cutoffGroup{pool: g.pool}
	if g.pool.pending.Load() >= g.pool.limit {
		g.ended(run(task, child))
		return
	}
	g.pool.pending.Add(1)
	g.start(func(s Scope) {
		defer g.pool.pending.Add(-1)
		task(s)
	}, child)
}
