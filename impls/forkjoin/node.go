package forkjoin

import "sync/atomic"

// node is a forked task, and the scope in which it runs.
type node struct {
	task   Task
	parent *node   // nil: the task of a Run
	worker *worker // that runs it
	next   *node   // in a list of spare nodes
	forked int     // children, since the last Join
	here   int     // of them, how many the worker of this node has run
	// elsewhere is how many other workers have run. With its end, a child lets go of the
	// node: the Join may return, and the node may be used again.
	elsewhere atomic.Int64
	failure   atomic.Pointer[PanicError] // of the first child that panicked
}

// Fork queues a task up, and wakes a worker if one sleeps.
func (n *node) Fork(task Task) {
	w := n.worker
	n.forked++
	w.queue.push(w.node(task, n))
	w.pool.beds.wakeOne()
}

// Join runs tasks until all children have ended.
func (n *node) Join() {
	n.wait()
	if n.failure.Load() != nil {
		panic(n.failure.Swap(nil))
	}
}

// wait is Join without its panic.
func (n *node) wait() {
	if n.forked == 0 {
		return
	}
	n.worker.pool.policy.await(n)
	n.forked, n.here = 0, 0
	if n.elsewhere.Load() != 0 {
		n.elsewhere.Store(0)
	}
}

func (n *node) abandon() {
	n.wait()
	n.failure.Store(nil)
}

// open reports whether there are children that have not ended.
func (n *node) open() bool { return n.forked > n.here+int(n.elsewhere.Load()) }

// ended takes note that worker w has run a child of n.
func (n *node) ended(w *worker, failure *PanicError) {
	if failure != nil {
		n.failure.CompareAndSwap(nil, failure)
	}
	if n.worker == w {
		n.here++
		return
	}
	joiner := n.worker
	n.elsewhere.Add(1)
	joiner.wake()
}
