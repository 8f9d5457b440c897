package task

import (
	"context"
	"fmt"
	"sync"

	"github.com/contendbench/contend/impls"
)

// A signal is a semaphore of the kernel. Each call of post lets one call of wait return,
// now or later. A thread that waits is blocked in the kernel, not in Go's scheduler.
type signal interface {
	post()
	wait()
	// close frees what the kernel keeps. A post after that does nothing.
	close()
}

// Signalled is a bounded queue, and a semaphore of the kernel that counts its tasks. Its
// workers are threads that sleep in the kernel. A hand-over costs a system call, but no
// switch to a locked goroutine, for which Go's scheduler needs several steps.
//
// Source: Franke, Russell and Kirkwood, Fuss, Futexes and Furwocks, OLS 2002, for the
// semaphore on a futex; eventfd(2), EFD_SEMAPHORE, for the other one.
// Progress: FIFO among tasks. Submit never waits. The kernel chooses the worker that it
// wakes.
// Space: a slice that grows to the longest queue; a goroutine and a thread for each worker.
// An eventfd is a file descriptor.
// Ordering: every access to the queue is under the mutex.
// Wins where a hand-over to a locked goroutine would be most of the work. Loses with many
// idle workers: each sleep in the kernel takes a processor from Go's scheduler, until that
// notices.
// Make one with NewFutex or NewEventfd. A Signalled must not be copied.
type Signalled struct {
	crew
	bounded
	tasks   signal // one for each task that was queued, and one for each worker to end
	broken  error  // why there is no signal
	workers int
	once    sync.Once
}

// NewFutex returns a pool whose workers sleep on a futex.
func NewFutex(workers, queue int) *Signalled { return newSignalled(workers, queue, newFutex) }

// NewEventfd returns a pool whose workers read from an eventfd. If the system has no free
// file descriptor, Submit returns an impls.EnvironmentError.
func NewEventfd(workers, queue int) *Signalled { return newSignalled(workers, queue, newEventfd) }

func newSignalled(workers, queue int, create func() (signal, error)) *Signalled {
	p := new(Signalled)
	p.init(workers, queue, create)
	return p
}

func (p *Signalled) init(workers, queue int, create func() (signal, error)) {
	var err error
	if p.tasks, err = create(); err != nil {
		p.broken = impls.Environment(fmt.Errorf("task: making a semaphore: %w", err))
		return
	}
	p.workers, p.most, p.enter = workers, workers+queue, onThread
	for worker := range workers {
		busy := new(bool)
		p.start(worker, func() {
			for task := p.next(busy); task != nil; task = p.next(busy) {
				task()
			}
		})
	}
}

// next waits for a task. It returns nil when the pool is closed and no task is left.
func (p *Signalled) next(busy *bool) func() {
	p.mu.Lock()
	p.end(busy)
	p.mu.Unlock()
	p.tasks.wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.take(busy)
}

// Submit queues a task, or returns ErrFull.
func (p *Signalled) Submit(_ context.Context, task func()) error {
	err := p.queueUp(task)
	if err == nil {
		p.tasks.post()
	}
	return err
}

func (p *Signalled) queueUp(task func()) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.broken != nil {
		return p.broken
	}
	return p.add(task)
}

// Close wakes each worker once more than there are tasks, and waits for them.
func (p *Signalled) Close() {
	if p.broken != nil {
		return
	}
	p.once.Do(func() {
		p.mu.Lock()
		p.closed = true
		p.mu.Unlock()
		for range p.workers {
			p.tasks.post()
		}
		p.present.Wait()
		p.tasks.close()
	})
}
