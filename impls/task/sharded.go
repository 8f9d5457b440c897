package task

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Sharded has a queue for each worker. A submitter chooses one by the address of its stack,
// so that submitters that run at the same time mostly lock different queues. A worker
// looks into its own queue first, and then into the others.
//
// Source: this project; the queues of java.util.concurrent.ForkJoinPool for submissions
// from outside are chosen in the same way.
// Progress: FIFO among the tasks of a queue, which Close drains, too.
// Space: a slice for each worker, which grows to the longest queue; a cache line pair for
// each queue.
// Ordering: every access to a queue is under its mutex.
// Wins with many submitters on many processors. Loses with few workers, whose queues are
// as contended as a single one.
// Make one with NewSharded. A Sharded must not be copied.
type Sharded struct {
	searchers
	shards []shard
}

type shard struct {
	mu     sync.Mutex
	queue  fifo
	closed bool
	length atomic.Int64 // of the queue, for a look without the lock
	_      [cpu.Line]byte
}

// NewSharded returns a pool whose workers have started.
func NewSharded(workers int) *Sharded {
	p := new(Sharded)
	p.init(workers)
	for worker := range workers {
		p.start(worker, func() { p.serve(func() func() { return p.find(worker) }) })
	}
	return p
}

func (p *Sharded) init(workers int) {
	p.shards = make([]shard, workers)
	p.searchers.init(p.hasMore, p.searchers.closed.Load)
}

// Submit queues a task.
func (p *Sharded) Submit(_ context.Context, task func()) error {
	s := &p.shards[cpu.Spread()%uint64(len(p.shards))]
	if !s.push(task) {
		return ErrClosed
	}
	p.submitted()
	return nil
}

func (s *shard) push(task func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.queue.push(task)
	s.length.Store(int64(s.queue.n))
	return true
}

func (s *shard) pop() func() {
	if s.length.Load() == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	task := s.queue.pop()
	s.length.Store(int64(s.queue.n))
	return task
}

// find takes a task from the first queue that has one, in a round from the worker's own.
func (p *Sharded) find(worker int) func() {
	for i := range p.shards {
		if task := p.shards[(worker+i)%len(p.shards)].pop(); task != nil {
			return task
		}
	}
	return nil
}

func (p *Sharded) hasMore() bool {
	for i := range p.shards {
		if p.shards[i].length.Load() > 0 {
			return true
		}
	}
	return false
}

// Close waits for the workers.
func (p *Sharded) Close() {
	for i := range p.shards {
		s := &p.shards[i]
		s.mu.Lock()
		s.closed = true
		s.mu.Unlock()
	}
	p.close()
}
