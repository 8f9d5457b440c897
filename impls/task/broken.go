package task

import (
	"context"
	"runtime"
)

// The seeded bugs of worker pools. Each is its twin minus one idea; the lines that differ
// are marked. None of them may be used.

// closeRace is Cond that looks whether the pool is closed, and unlocks its mutex before it
// queues the task. The workers may have ended by then.
type closeRace struct{ Cond }

func (p *closeRace) Submit(_ context.Context, task func()) error {
	p.mu.Lock()
	closed, full := p.closed, p.queue.n+p.running >= p.most
	p.mu.Unlock() // bug: Cond looks and queues …
	p.mu.Lock()   // … under one lock
	defer p.changed.Signal()
	defer p.mu.Unlock()
	switch {
	case closed:
		return ErrClosed
	case full:
		return ErrFull
	}
	p.queue.push(task)
	return nil
}

// signalsIfEmpty is Cond that signals only if the queue was empty. Of two tasks that come
// at once, the second wakes no worker.
type signalsIfEmpty struct{ Cond }

func (p *signalsIfEmpty) Submit(_ context.Context, task func()) error {
	p.mu.Lock()
	err, first := p.add(task), p.queue.n == 1
	p.mu.Unlock()
	if err == nil && first { // bug: Cond signals for each task
		p.changed.Signal()
	}
	return err
}

// oneTooMany is Cond that compares with the wrong operator.
type oneTooMany struct{ Cond }

func (p *oneTooMany) Submit(_ context.Context, task func()) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.closed:
		return ErrClosed
	case p.queue.n+p.running > p.most: // bug: Cond refuses a task if they are as many
		return ErrFull
	}
	p.queue.push(task)
	p.changed.Signal()
	return nil
}

// runsRefused is Cond that queues a task before it finds that there is no room.
type runsRefused struct{ Cond }

func (p *runsRefused) Submit(ctx context.Context, task func()) error {
	err := p.Cond.Submit(ctx, task)
	if err == ErrFull {
		p.mu.Lock()
		p.queue.push(task) // bug: Cond does not queue a task that it refuses
		p.mu.Unlock()
	}
	return err
}

// closesEarly is Channel whose Close waits until the queue is empty. Its last tasks may
// still run.
type closesEarly struct{ Channel }

func (p *closesEarly) Close() {
	p.shut()
	for len(p.tasks) > 0 { // bug: Channel waits for the workers
		runtime.Gosched()
	}
}

// panicShrinks is Channel whose worker ends when a task panics.
type panicShrinks struct{ Channel }

func (p *panicShrinks) serve() {
	defer func() { _ = recover() }() // bug: a worker of Channel serves on
	p.Channel.serve()
}

// exitShrinks is Channel whose worker is gone when a task ends its goroutine.
type exitShrinks struct{ Channel }

func (p *exitShrinks) work() {
	defer p.present.Done() // bug: Channel starts another worker first
	for !returns(p.serve) {
	}
}

// acceptsLate is Semaphore that does not look whether it is closed.
type acceptsLate struct{ *Semaphore }

func (p *acceptsLate) Submit(ctx context.Context, task func()) error {
	p.state.Add(2) // bug: Semaphore enters through the gate
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

// keepsPermit is Semaphore that loses the permit of a task that does not return.
type keepsPermit struct{ *Semaphore }

func (p *keepsPermit) Submit(ctx context.Context, task func()) error {
	if !p.enter() {
		return ErrClosed
	}
	if err := p.acquire(ctx); err != nil {
		p.leave()
		return err
	}
	go func() {
		defer p.leave()
		defer func() { _ = recover() }()
		task()
		<-p.permits // bug: Semaphore defers this
	}()
	return nil
}

// overwrites is Ring that does not look whether a slot is free. If the ring is full, the
// task in the slot is lost.
type overwrites struct{ Ring }

func (p *overwrites) push(task func()) error {
	for {
		at := p.tail.Load()
		if at&shutBit != 0 {
			return ErrClosed
		}
		if p.tail.CompareAndSwap(at, at+1) { // bug: Ring waits for the slot's turn
			s := p.slot(at)
			s.task = task
			s.turn.Store(at + 1)
			return nil
		}
	}
}

func (p *overwrites) Submit(ctx context.Context, task func()) error {
	return p.submit(ctx, task, p.push)
}

// wakesNoSubmitter is Ring whose workers free a slot and tell no submitter.
type wakesNoSubmitter struct{ Ring }

func (p *wakesNoSubmitter) find() func() {
	return p.pop() // bug: Ring wakes a submitter that waits for room
}

// purgeRace is Elastic whose worker ends when its time is over, even if a Submit has just
// given it a task.
type purgeRace struct{ Elastic }

func (p *purgeRace) expire(h *hand) func() {
	p.retire(h)
	return nil // bug: Elastic runs the task if the worker was not idle any more
}

func (p *purgeRace) Submit(_ context.Context, task func()) error { return p.submit(task, p.expire) }

// ownQueueOnly is Sharded whose workers leave the queues of others alone, even if those
// are busy.
type ownQueueOnly struct{ Sharded }

func (p *ownQueueOnly) find(worker int) func() {
	return p.shards[worker].pop() // bug: Sharded looks at the other queues, too
}

// wakesNoNext is Batched whose worker finds a task and does not look whether there are
// more, for which no worker was woken because it searched.
type wakesNoNext struct{ Batched }

func (p *wakesNoNext) hasMore() bool {
	return false // bug: Batched looks
}

// stealsTwice is Stealing whose thief reads a number and stores the next one. Another
// worker may have taken the same task.
type stealsTwice struct{ Stealing }

func (p *stealsTwice) steal(worker int) func() {
	for i := 1; i < len(p.places); i++ {
		b := p.places[(worker+i)%len(p.places)].batch.Load()
		if at := b.next.Load(); at < int64(len(b.tasks)) {
			b.next.Store(at + 1) // bug: Stealing adds to the number, and takes what it was before
			return b.tasks[at]
		}
	}
	return nil
}

func (p *stealsTwice) find(worker int) func() {
	if task := p.own(worker); task != nil {
		return task
	}
	return p.steal(worker)
}
