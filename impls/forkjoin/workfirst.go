package forkjoin

import (
	"slices"
	"sync"
	"sync/atomic"
)

// WorkFirst runs a forked task at once, and what is left of its parent is what waits for
// a worker. Go cannot steal the rest of a running function. So each task has a goroutine,
// and a worker is a permit to run: at a Fork, the child gets that of its parent.
//
// Source: Frigo, Leiserson and Randall, The Implementation of the Cilk-5 Multithreaded
// Language, PLDI 1998, §3; Guo et al., Work-First and Help-First Scheduling Policies for
// Async-Finish Task Parallelism, IPDPS 2009. The other schedulers here are help-first.
// Progress: blocking. A child that ends lets its parent go on, or else the parent that
// has waited longest. A Join does not help: it gives its permit away until the last child
// ends.
// Space: a goroutine for each task that has begun and not ended. With one worker there
// are as many as the program is deep, even if a loop forks millions.
// Ordering: all is under one lock; permits are handed over by channels.
// Wins in memory where loops fork more than there is room for. Loses in time: each fork
// parks a goroutine.
// Make one with NewWorkFirst. It must not be copied.
type WorkFirst struct {
	mu      sync.Mutex
	permits int      // that no goroutine has
	waiting []*frame // parents that a Fork has stopped, the one that waits longest first
}

// NewWorkFirst returns a pool without goroutines.
func NewWorkFirst(workers int) *WorkFirst { return &WorkFirst{permits: workers - 1} }

// Run runs the task on the caller's goroutine, which brings a permit.
func (f *WorkFirst) Run(task Task) { mustRun(task, newFrame(f, nil)) }

// Close does nothing.
func (*WorkFirst) Close() {}

// frame is the scope of a task, whose goroutine has a permit unless it waits for one.
type frame struct {
	pool    *WorkFirst
	parent  *frame
	open    int           // children that have not ended; under the pool's lock
	joins   bool          // it waits for them; under the pool's lock
	permit  chan struct{} // hands it a permit
	failure atomic.Pointer[PanicError]
}

func newFrame(pool *WorkFirst, parent *frame) *frame {
	return &frame{pool: pool, parent: parent, permit: make(chan struct{}, 1)}
}

// Fork starts the task on a free permit, or on the caller's own.
func (f *frame) Fork(task Task) {
	child := newFrame(f.pool, f)
	p := f.pool
	p.mu.Lock()
	f.open++
	stops := p.permits == 0
	if stops {
		p.waiting = append(p.waiting, f)
	} else {
		p.permits--
	}
	p.mu.Unlock()
	go func() {
		f.ended(run(task, child))
	}()
	if stops {
		<-f.permit
	}
}

// ended takes note that a child has run, and passes its permit on: to the parent if that
// waits, or else to the one that waits longest.
func (f *frame) ended(failure *PanicError) {
	if failure != nil {
		f.failure.CompareAndSwap(nil, failure)
	}
	p := f.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	f.open--
	if f.joins && f.open == 0 {
		f.joins = false
		f.permit <- struct{}{}
		return
	}
	p.pass(max(slices.Index(p.waiting, f), 0))
}

// pass gives a permit to a goroutine that waits, or keeps it if there is none. The caller
// holds the lock.
func (f *WorkFirst) pass(at int) {
	if len(f.waiting) == 0 {
		f.permits++
		return
	}
	next := f.waiting[at]
	f.waiting = slices.Delete(f.waiting, at, at+1)
	next.permit <- struct{}{}
}

// Join gives the permit away until the children have ended.
func (f *frame) Join() {
	f.wait()
	if f.failure.Load() != nil {
		panic(f.failure.Swap(nil))
	}
}

func (f *frame) wait() {
	p := f.pool
	p.mu.Lock()
	if f.open == 0 {
		p.mu.Unlock()
		return
	}
	f.joins = true
	p.pass(0)
	p.mu.Unlock()
	<-f.permit
}

func (f *frame) abandon() { f.wait() }
