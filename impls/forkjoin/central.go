package forkjoin

// Central has one queue for all workers. The newest task runs first.
//
// Source: Blumofe and Leiserson, Scheduling Multithreaded Computations by Work Stealing,
// J. ACM 46(5), 1999, §1: the work-sharing that stealing is compared with.
// Progress: blocking, for a few instructions at a time.
// Space: a slice, which grows to the most tasks that waited at once, and a node for each
// task, which is used again.
// Ordering: every access to the queue is under its lock.
// Wins where tasks are long, because every worker sees all of them. Loses where they are
// small: all workers take one lock for each Fork and each Join.
// Make one with NewCentral. It must not be copied.
type Central struct {
	helping
	all *centralQueue
}

// NewCentral starts a pool.
func NewCentral(workers int) *Scheduler {
	return newScheduler(workers, Central{all: new(centralQueue)})
}

func (c Central) queue() queue { return c.all }

// centralQueue is a mutexDeque that all workers push to and pop from.
type centralQueue struct{ mutexDeque }

// steal finds nothing: the thief has tried to pop.
func (*centralQueue) steal(queue) *node { return nil }
