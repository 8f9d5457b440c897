package task

import (
	"context"
	"sync"
)

// Semaphore starts a goroutine for each task, and a semaphore limits how many there are.
// It has no queue: Submit itself waits for a permit.
//
// Source: Effective Go, Concurrency: a channel with room for the permits.
// Progress: FIFO among waiting Submits, as in channels.
// Space: a channel, whose values are empty; a goroutine for each task that runs.
// Ordering: that of Goroutine.
// Wins where a limit must be added to goroutines in three lines. Loses with tiny tasks,
// which each pay for a goroutine and for the channel's lock.
// Make one with NewSemaphore. A Semaphore must not be copied.
type Semaphore struct {
	*gate
	permits chan struct{}
	once    sync.Once
	closing chan struct{}
}

// NewSemaphore returns a pool that runs at most workers tasks at once.
func NewSemaphore(workers int) *Semaphore {
	return &Semaphore{gate: newGate(), permits: make(chan struct{}, workers), closing: make(chan struct{})}
}

// Submit starts a goroutine when there is a permit.
func (p *Semaphore) Submit(ctx context.Context, task func()) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !p.enter() {
		return ErrClosed
	}
	if err := p.acquire(ctx); err != nil {
		p.leave()
		return err
	}
	go func() {
		defer p.end()
		task()
	}()
	return nil
}

func (p *Semaphore) acquire(ctx context.Context) error {
	select {
	case p.permits <- struct{}{}:
		return nil
	default:
	}
	select {
	case p.permits <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-p.closing:
		return ErrClosed
	}
}

// end is deferred by a task, however it ends.
func (p *Semaphore) end() {
	_ = recover() // the panic of a task is dropped, as a crew does
	<-p.permits
	p.leave()
}

// Close ends waiting Submits, and waits for the tasks.
func (p *Semaphore) Close() {
	p.once.Do(func() { close(p.closing) })
	p.shut()
}
