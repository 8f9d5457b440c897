package task

import (
	"context"
	"runtime"
)

// The seeded bugs of thread pools. Each is its twin minus one idea; the lines that differ
// are marked. None of them may be used.

// churns is Channel with locked workers that end after each task. They are still locked,
// so the runtime ends their threads, and the pool starts others.
type churns struct{ Channel }

func (p *churns) serve() {
	for task := range p.tasks {
		task()
		runtime.Goexit() // bug: Channel receives the next task
	}
}

// unlocked is Channel with workers that do not lock their threads.
type unlocked struct{ Channel }

func (p *unlocked) lock(int) (leave func()) {
	return func() {} // bug: NewLockedChannel locks the thread first
}

// waitsOnce is Cond with locked workers that wait without a loop. If another worker takes
// the task of a wake-up, the worker that was woken finds none, and ends.
type waitsOnce struct{ Cond }

func (p *waitsOnce) next(busy *bool) func() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.end(busy)
	if p.queue.n == 0 && !p.closed { // bug: Cond waits until that is false
		p.changed.Wait()
	}
	return p.take(busy)
}

// postsFirst is Signalled that posts its semaphore before it queues the task. A worker that
// is quick finds no task, and ends.
type postsFirst struct{ Signalled }

func (p *postsFirst) Submit(_ context.Context, task func()) error {
	p.tasks.post() // bug: Signalled posts if the task was queued, and after that
	return p.queueUp(task)
}

// postsIfEmpty is Signalled that posts its semaphore only if the queue was empty, as if the
// worker that wakes took all tasks.
type postsIfEmpty struct{ Signalled }

func (p *postsIfEmpty) Submit(_ context.Context, task func()) error {
	p.mu.Lock()
	err, first := p.add(task), p.queue.n == 1
	p.mu.Unlock()
	if err == nil && first { // bug: Signalled posts for each task
		p.tasks.post()
	}
	return err
}

// leaksMask is PinnedChannel that unlocks its threads and does not give them their
// processors back. Later goroutines that run on such a thread are bound, too.
type leaksMask struct{ PinnedChannel }

func (p *leaksMask) leave(func() error) error {
	runtime.UnlockOSThread() // bug: PinnedChannel undoes the binding
	return nil
}
