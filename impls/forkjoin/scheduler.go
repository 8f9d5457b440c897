package forkjoin

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Scheduler is a pool of workers that steal from each other. Its policy says what kind of
// queue each worker has.
//
// A Join runs tasks while it waits: those of its own worker, and then stolen ones. A
// worker that finds none looks for a while and then sleeps. The goroutine that calls Run
// gets a worker of its own, so a pool of n workers starts n-1 goroutines.
type Scheduler struct {
	policy policy
	beds   beds
	closed atomic.Bool
	own    sync.WaitGroup // the goroutines that the pool has started

	mu     sync.Mutex
	guests []*worker                 // for callers of Run; none of them is in use
	all    atomic.Pointer[[]*worker] // replaced under mu, when there are more
}

// policy is what schedulers differ by. Type helping has all of it but the queue.
type policy interface {
	// queue makes the queue of a worker.
	queue() queue
	// run runs a task on worker w, and tells its parent.
	run(w *worker, n *node)
	// await returns when the children of n have ended.
	await(n *node)
	// sleep returns when there may be a task for w to run, or nothing left to wait for.
	sleep(w *worker, n *node)
	// end ends the workers.
	end(s *Scheduler)
}

// queue holds the tasks of a worker. Only that worker calls push and pop.
type queue interface {
	push(n *node)
	pop() *node
	// steal takes a task for another worker, whose queue is thief. It may move more tasks
	// to there.
	steal(thief queue) *node
	// empty reports whether there is nothing to steal.
	empty() bool
}

// newScheduler starts a pool.
func newScheduler(workers int, p policy) *Scheduler {
	s := &Scheduler{policy: p}
	s.all.Store(&[]*worker{})
	for range workers - 1 {
		w := s.hire()
		s.own.Go(w.work)
	}
	return s
}

// hire makes a worker from which the others can steal.
func (s *Scheduler) hire() *worker {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := *s.all.Load()
	w := &worker{pool: s, queue: s.policy.queue(), bell: make(chan struct{}, 1), random: uint32(len(old) + 1)}
	all := append(old[:len(old):len(old)], w)
	s.all.Store(&all)
	return w
}

// Run runs the task on the caller's goroutine.
func (s *Scheduler) Run(task Task) {
	w := s.guest()
	root := w.node(task, nil)
	root.worker = w
	failure := run(task, root)
	w.free(root)
	s.mu.Lock()
	s.guests = append(s.guests, w)
	s.mu.Unlock()
	if failure != nil {
		panic(failure)
	}
}

// guest returns a worker for a caller of Run. Its queue may hold tasks of other calls,
// which it stole for them.
func (s *Scheduler) guest() *worker {
	s.mu.Lock()
	if last := len(s.guests) - 1; last >= 0 {
		w := s.guests[last]
		s.guests = s.guests[:last]
		s.mu.Unlock()
		return w
	}
	s.mu.Unlock()
	return s.hire()
}

// Close ends the workers and waits for them.
func (s *Scheduler) Close() {
	s.policy.end(s)
	s.own.Wait()
}

// worker runs tasks. All but its queue, its bell and its bed belong to its goroutine.
type worker struct {
	pool   *Scheduler
	queue  queue
	spare  *node // a list of nodes to use again
	spares int
	random uint32

	_      [cpu.Line]byte // others read what follows
	bell   chan struct{}  // wakes it
	asleep atomic.Bool    // it is in one of the beds
}

// work runs tasks until the pool is closed.
func (w *worker) work() {
	for {
		t := w.find(nil)
		if t == nil {
			return
		}
		w.pool.policy.run(w, t)
	}
}

// find returns a task to run. It returns nil when there is nothing to wait for: the
// children of n have ended, or the pool was closed if n is nil.
func (w *worker) find(n *node) *node {
	if w.done(n) {
		return nil
	}
	if t := w.queue.pop(); t != nil {
		return t
	}
	return w.look(n)
}

// look is find for a worker that has no task of its own. While it looks, a Fork need not
// wake another one. So before it ends, it wakes one for what it leaves.
func (w *worker) look(n *node) *node {
	looking := &w.pool.beds.looking
	looking.Add(1)
	for {
		var s cpu.Spinner
		for range cpu.ParkAfter {
			if w.done(n) {
				looking.Add(-1)
				w.pool.passOn()
				return nil
			}
			if t := w.next(); t != nil {
				looking.Add(-1)
				w.pool.passOn()
				return t
			}
			s.Turn()
		}
		w.pool.policy.sleep(w, n)
	}
}

func (w *worker) done(n *node) bool {
	if n == nil {
		return w.pool.closed.Load()
	}
	return !n.open()
}

// next takes a task from the worker's own queue or from another one.
func (w *worker) next() *node {
	if t := w.queue.pop(); t != nil {
		return t
	}
	return w.steal()
}

// steal looks at all other workers once, from a random one on.
func (w *worker) steal() *node {
	all := *w.pool.all.Load()
	at := w.draw() % uint32(len(all))
	for range all {
		if v := all[at]; v != w {
			if t := v.queue.steal(w.queue); t != nil {
				return t
			}
		}
		if at++; at == uint32(len(all)) {
			at = 0
		}
	}
	return nil
}

// draw returns a random number (Marsaglia, Xorshift RNGs, 2003).
func (w *worker) draw() uint32 {
	w.random ^= w.random << 13
	w.random ^= w.random >> 17
	w.random ^= w.random << 5
	return w.random
}

// maxSpares bounds the nodes that a worker keeps. One that runs what others fork would
// gather theirs.
const maxSpares = 1024

// node returns a node for a task.
func (w *worker) node(task Task, parent *node) *node {
	n := w.spare
	if n == nil {
		n = new(node)
	} else {
		w.spare = n.next
		w.spares--
	}
	n.task, n.parent = task, parent
	return n
}

// free keeps a node for another task. Nothing refers to it: its children have ended.
func (w *worker) free(n *node) {
	n.task, n.parent = nil, nil
	if w.spares < maxSpares {
		n.next, w.spare = w.spare, n
		w.spares++
	}
}
