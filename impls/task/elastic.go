package task

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Elastic starts a worker when a task finds none idle, and ends a worker that was idle for
// a while. A task goes to the worker that became idle last, so that the others can end.
//
// Source: this project; java.util.concurrent.ThreadPoolExecutor has the same life of
// workers, and ants the stack of idle ones.
// Progress: FIFO among tasks that are queued. Submit never waits.
// Space: nothing without tasks; a goroutine, a channel and a timer for each idle worker.
// Ordering: every hand-over is under the mutex or through a worker's channel.
// Wins where tasks come in bursts that are far apart, because an idle pool keeps no worker.
// Loses with tiny tasks, each of which wakes a worker and stops a timer.
// Make one with NewElastic. An Elastic must not be copied.
type Elastic struct {
	crew
	mu      sync.Mutex
	queue   fifo
	idle    []*hand // the last became idle last
	hands   int     // workers that have started and not ended
	workers int     // at most
	room    int
	keep    time.Duration
	closed  bool
}

// A hand is a worker, as Submit sees it.
type hand struct{ tasks chan func() } // of one, so that a hand-over never blocks

// NewElastic returns a pool that keeps an idle worker for so long.
func NewElastic(workers, queue int, keep time.Duration) *Elastic {
	p := new(Elastic)
	p.init(workers, queue, keep)
	return p
}

// NewLockedElastic is NewElastic with a thread for each worker.
func NewLockedElastic(workers, queue int, keep time.Duration) *Elastic {
	p := NewElastic(workers, queue, keep)
	p.enter = onThread
	return p
}

func (p *Elastic) init(workers, queue int, keep time.Duration) {
	p.workers, p.room, p.keep = workers, queue, keep
}

// Submit gives the task to an idle worker, starts one, or queues it.
func (p *Elastic) Submit(_ context.Context, task func()) error {
	return p.submit(task, p.expire)
}

// submit is Submit with what a worker does whose time is over.
func (p *Elastic) submit(task func(), expire func(*hand) func()) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch last := len(p.idle) - 1; {
	case p.closed:
		return ErrClosed
	case last >= 0:
		p.idle[last].tasks <- task
		p.idle = slices.Delete(p.idle, last, last+1)
	case p.hands < p.workers:
		h := &hand{make(chan func(), 1)}
		h.tasks <- task
		p.hands++
		p.start(p.hands-1, func() {
			for task := p.next(h, expire); task != nil; task = p.next(h, expire) {
				task()
			}
		})
	case p.queue.n < p.room:
		p.queue.push(task)
	default:
		return ErrFull
	}
	return nil
}

// next waits for a task. It returns nil when the worker's time is over or the pool is
// closed.
func (p *Elastic) next(h *hand, expire func(*hand) func()) func() {
	select {
	case task := <-h.tasks: // the one that it was started for
		return task
	default:
	}
	p.mu.Lock()
	if task := p.queue.pop(); task != nil || p.closed {
		p.mu.Unlock()
		return task
	}
	p.idle = append(p.idle, h)
	p.mu.Unlock()
	over := time.NewTimer(p.keep)
	defer over.Stop()
	select {
	case task := <-h.tasks:
		return task
	case <-over.C:
		return expire(h)
	}
}

// expire ends a worker, unless a Submit has just given it a task.
func (p *Elastic) expire(h *hand) func() {
	if p.retire(h) {
		return nil
	}
	return <-h.tasks
}

// retire reports whether the worker was still idle, and is no longer.
func (p *Elastic) retire(h *hand) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := slices.Index(p.idle, h)
	if at < 0 {
		return false
	}
	p.idle = slices.Delete(p.idle, at, at+1)
	p.hands--
	return true
}

// Close ends the idle workers, and waits for the others.
func (p *Elastic) Close() {
	p.mu.Lock()
	p.closed = true
	for _, h := range p.idle {
		close(h.tasks)
	}
	p.idle = nil
	p.mu.Unlock()
	p.present.Wait()
}
