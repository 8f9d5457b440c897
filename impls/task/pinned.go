package task

import (
	"context"
	"sync/atomic"

	"github.com/contendbench/contend/impls"
)

// PinnedChannel is a Channel whose workers are threads, each bound to one processor. The
// workers take turns through the processors on which the pool's maker may run.
//
// Source: sched_setaffinity(2).
// Progress, space and ordering: those of Channel. A worker waits for its processor while
// others are free.
// Wins with tasks that use the same data again, which stays in a processor's own cache.
// Loses when another process uses one of the processors.
// Make one with NewPinnedChannel. If the system refuses to bind a thread, Submit returns an
// impls.EnvironmentError. A PinnedChannel must not be copied.
type PinnedChannel struct {
	Channel
	failed atomic.Pointer[error]
}

// NewPinnedChannel returns a pool whose workers have started.
func NewPinnedChannel(workers, queue int) *PinnedChannel {
	p := new(PinnedChannel)
	p.init(workers, queue, restoring)
	return p
}

// restoring gives a thread its old processors back before its worker ends. The thread ends
// with the worker, unless it is the first of the process.
func restoring(undo func() error) error { return undo() }

// init starts the workers. leave gets what unbinds a thread.
func (p *PinnedChannel) init(workers, queue int, leave func(undo func() error) error) {
	p.Channel.init(queue)
	bind, err := processors()
	if err != nil {
		p.fail(err)
		bind = func(int) (func() error, error) { return func() error { return nil }, nil }
	}
	p.enter = func(worker int) func() {
		onThread(worker)
		undo, err := bind(worker)
		p.fail(err)
		return func() { p.fail(leave(undo)) }
	}
	p.startAll(workers, p.serve)
}

// fail keeps the first error.
func (p *PinnedChannel) fail(err error) {
	if err != nil {
		err = impls.Environment(err)
		p.failed.CompareAndSwap(nil, &err)
	}
}

// Submit sends a task, and waits for room.
func (p *PinnedChannel) Submit(ctx context.Context, task func()) error {
	if err := p.failed.Load(); err != nil {
		return *err
	}
	return p.Channel.Submit(ctx, task)
}
