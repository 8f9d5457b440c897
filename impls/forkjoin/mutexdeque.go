package forkjoin

import (
	"slices"
	"sync"
	"sync/atomic"
)

// MutexDeque gives each worker a deque under a lock. The worker pushes and pops at one
// end, and thieves steal the oldest task at the other.
//
// Source: Blumofe and Leiserson, Scheduling Multithreaded Computations by Work Stealing,
// J. ACM 46(5), 1999, §3, with a lock for each deque.
// Progress: blocking, for a few instructions at a time. The tasks of a worker run last
// in, first out, and thieves take the oldest.
// Space: a slice for each worker, which grows to the most tasks that waited at once, and
// a node for each task, which is used again.
// Ordering: every access to a deque is under its lock.
// Wins in simplicity. Loses where tasks are small: each push and pop takes a lock, and a
// thief that was preempted with it stops the owner.
// Make one with NewMutexDeque. It must not be copied.
type MutexDeque struct{ helping }

// NewMutexDeque starts a pool.
func NewMutexDeque(workers int) *Scheduler { return newScheduler(workers, MutexDeque{}) }

func (MutexDeque) queue() queue { return new(mutexDeque) }

// mutexDeque holds its tasks from head to the end of a slice, the oldest first.
type mutexDeque struct {
	size  atomic.Int64 // written under mu; others look before they lock
	mu    sync.Mutex
	tasks []*node
	head  int
}

func (d *mutexDeque) push(n *node) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.tasks) == cap(d.tasks) && d.head > len(d.tasks)/2 { // most of them were stolen
		d.tasks, d.head = slices.Delete(d.tasks, 0, d.head), 0
	}
	d.tasks = append(d.tasks, n)
	d.resized()
}

func (d *mutexDeque) pop() *node {
	if d.empty() {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	last := len(d.tasks) - 1
	if last < d.head {
		return nil
	}
	n := d.tasks[last]
	d.tasks[last] = nil
	d.tasks = d.tasks[:last]
	d.resized()
	return n
}

func (d *mutexDeque) steal(queue) *node {
	if d.empty() {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.oldest()
}

// oldest takes the oldest task. The caller holds mu.
func (d *mutexDeque) oldest() *node {
	if d.head == len(d.tasks) {
		return nil
	}
	n := d.tasks[d.head]
	d.tasks[d.head] = nil
	d.head++
	d.resized()
	return n
}

// resized takes note of the number of tasks. The caller holds mu.
func (d *mutexDeque) resized() { d.size.Store(int64(len(d.tasks) - d.head)) }

func (d *mutexDeque) empty() bool { return d.size.Load() == 0 }
