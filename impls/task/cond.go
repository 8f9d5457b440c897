package task

import (
	"context"
	"sync"
)

// Cond is a monitor: a queue under a mutex, and a condition on which idle workers wait.
//
// Source: Hoare, Monitors, CACM 17(10), 1974, §4, the bounded buffer, without its wait for
// room.
// Progress: FIFO among tasks. Submit never waits.
// Space: a slice that grows to the longest queue; a goroutine for each worker.
// Ordering: every access is under the mutex.
// Wins with an exact limit: it refuses a task only if all places are taken. Loses with
// tiny tasks, because workers and submitters meet at the mutex twice for each task.
// Make one with NewCond. A Cond must not be copied.
type Cond struct {
	crew
	bounded
	changed *sync.Cond // there is a task, or the pool is closed
}

// NewCond returns a pool whose workers have started.
func NewCond(workers, queue int) *Cond {
	p := new(Cond)
	p.init(workers, queue)
	p.serveWith(workers, p.next)
	return p
}

// NewLockedCond is NewCond with a thread for each worker.
func NewLockedCond(workers, queue int) *Cond {
	p := new(Cond)
	p.init(workers, queue)
	p.enter = onThread
	p.serveWith(workers, p.next)
	return p
}

func (p *Cond) init(workers, queue int) {
	p.most = workers + queue
	p.changed = sync.NewCond(&p.mu)
}

// serveWith starts workers that run what next returns, until that is nil.
func (p *Cond) serveWith(workers int, next func(busy *bool) func()) {
	for worker := range workers {
		busy := new(bool)
		p.start(worker, func() {
			for task := next(busy); task != nil; task = next(busy) {
				task()
			}
		})
	}
}

// next waits for a task. It returns nil when the pool is closed and no task is left.
func (p *Cond) next(busy *bool) func() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.end(busy)
	for p.queue.n == 0 && !p.closed {
		p.changed.Wait()
	}
	return p.take(busy)
}

// Submit queues a task, or returns ErrFull.
func (p *Cond) Submit(_ context.Context, task func()) error {
	p.mu.Lock()
	err := p.add(task)
	p.mu.Unlock()
	if err == nil {
		p.changed.Signal()
	}
	return err
}

// Close waits for the workers.
func (p *Cond) Close() {
	p.shut()
	p.present.Wait()
}

// shut ends the workers when no task is left.
func (p *Cond) shut() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.changed.Broadcast()
}
