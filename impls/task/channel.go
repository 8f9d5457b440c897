package task

import (
	"context"
	"sync"
)

// Channel is a fixed number of workers that receive tasks from one channel, its queue.
//
// Source: Effective Go, Channels: a fixed number of handle goroutines.
// Progress: FIFO, for tasks and for waiting Submits.
// Space: a word for each place in the queue; a goroutine for each worker.
// Ordering: that of channels. Submits share a lock while they send, because a send on a
// channel that Close has closed would panic.
// Wins as the shortest correct pool. Loses with many submitters of tiny tasks, because all
// meet at the channel's lock, and each send wakes a worker if one sleeps.
// Make one with NewChannel. A Channel must not be copied.
type Channel struct {
	crew
	mu      sync.RWMutex // held for reading while tasks are sent
	closed  bool
	tasks   chan func()
	once    sync.Once
	closing chan struct{}
}

// NewChannel returns a pool whose workers have started.
func NewChannel(workers, queue int) *Channel {
	p := new(Channel)
	p.init(queue)
	p.startAll(workers, p.serve)
	return p
}

// NewLockedChannel is NewChannel with a thread for each worker.
func NewLockedChannel(workers, queue int) *Channel {
	p := new(Channel)
	p.init(queue)
	p.enter = onThread
	p.startAll(workers, p.serve)
	return p
}

func (p *Channel) init(queue int) {
	p.tasks, p.closing = make(chan func(), queue), make(chan struct{})
}

func (p *Channel) serve() {
	for task := range p.tasks {
		task()
	}
}

// Submit sends a task, and waits for room.
func (p *Channel) Submit(ctx context.Context, task func()) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.closed {
		return ErrClosed
	}
	select {
	case p.tasks <- task:
		return nil
	default:
	}
	select {
	case p.tasks <- task:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-p.closing:
		return ErrClosed
	}
}

// Close ends waiting Submits, and waits for the workers.
func (p *Channel) Close() {
	p.shut()
	p.present.Wait()
}

// shut closes the channel of tasks, which ends the workers.
func (p *Channel) shut() {
	p.once.Do(func() {
		close(p.closing)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.closed = true
		close(p.tasks)
	})
}
