package task

import "sync"

// A bounded queue holds exactly as many tasks as its pool has workers and room, those that
// run among them.
type bounded struct {
	mu      sync.Mutex
	queue   fifo
	running int
	most    int // tasks that may be queued or run
	closed  bool
}

// add queues a task. The caller holds mu.
func (b *bounded) add(task func()) error {
	switch {
	case b.closed:
		return ErrClosed
	case b.queue.n+b.running >= b.most:
		return ErrFull
	}
	b.queue.push(task)
	return nil
}

// take removes a task for a worker, and returns nil if there is none. busy belongs to that
// worker, and is true while it runs a task. The caller holds mu.
func (b *bounded) take(busy *bool) func() {
	task := b.queue.pop()
	if task != nil {
		b.running++
		*busy = true
	}
	return task
}

// end notes that the worker's last task has ended, if it had one. The caller holds mu. A
// worker calls it before it looks for a task, and not after a task, which may panic.
func (b *bounded) end(busy *bool) {
	if *busy {
		b.running--
		*busy = false
	}
}
