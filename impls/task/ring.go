package task

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Ring is a bounded queue without locks, and two places to sleep: one for workers without
// a task, one for submitters without room. Close marks the tail of the ring, so that no
// later Submit can move it.
//
// Source: Vyukov 2010, Bounded MPMC queue, 1024cores.net.
// Progress: blocking in a slot: a caller that is descheduled there holds up the other end
// of the ring. Waiting submitters are woken in order, and newcomers may pass them.
// Space: a number and a task for each slot. The room is rounded up to a power of two, at
// least 2.
// Ordering: the store of a slot's number synchronizes before the load that sees it.
// Wins with a queue whose memory is fixed, and submitters that must wait when it is full.
// Loses on few processors, because each task is handed over by itself.
// Make one with NewRing. A Ring must not be copied.
type Ring struct {
	searchers
	rooms   lot // of submitters
	once    sync.Once
	closing chan struct{}
	slots   []slot
	_       [cpu.Line]byte
	tail    atomic.Uint64 // positions that submitters have taken, and shutBit
	_       [cpu.Line - 8]byte
	head    atomic.Uint64 // positions that workers have taken
	_       [cpu.Line - 8]byte
}

type slot struct {
	turn atomic.Uint64
	task func()
}

// shutBit is set in the tail of a ring that takes no more tasks.
const shutBit = 1 << 63

// NewRing returns a pool whose workers have started.
func NewRing(workers, queue int) *Ring {
	p := new(Ring)
	p.init(queue)
	p.startAll(workers, func() { p.serve(p.find) })
	return p
}

func (p *Ring) init(queue int) {
	p.closing = make(chan struct{})
	p.slots = make([]slot, cpu.PowerOfTwo(max(queue, 2)))
	for i := range p.slots {
		p.slots[i].turn.Store(uint64(i))
	}
	p.searchers.init(p.hasMore, p.hasEnded)
}

func (p *Ring) slot(at uint64) *slot { return &p.slots[at&uint64(len(p.slots)-1)] }

// push adds a task, or returns ErrFull or ErrClosed.
func (p *Ring) push(task func()) error {
	for {
		at := p.tail.Load()
		if at&shutBit != 0 {
			return ErrClosed
		}
		s := p.slot(at)
		late := int64(s.turn.Load() - at)
		switch {
		case late < 0:
			return ErrFull
		case late == 0 && p.tail.CompareAndSwap(at, at+1):
			s.task = task
			s.turn.Store(at + 1)
			return nil
		}
		runtime.Gosched()
	}
}

// find removes a task, and lets a submitter look for room.
func (p *Ring) find() func() {
	task := p.pop()
	if task != nil {
		p.rooms.wake()
	}
	return task
}

func (p *Ring) pop() func() {
	for {
		at := p.head.Load()
		s := p.slot(at)
		late := int64(s.turn.Load() - at - 1)
		switch {
		case late < 0:
			return nil
		case late == 0 && p.head.CompareAndSwap(at, at+1):
			task := s.task
			s.task = nil
			s.turn.Store(at + uint64(len(p.slots)))
			return task
		}
		runtime.Gosched()
	}
}

// Submit puts a task into the ring, and waits for room.
func (p *Ring) Submit(ctx context.Context, task func()) error { return p.submit(ctx, task, p.push) }

// submit is Submit with a way to push a task.
func (p *Ring) submit(ctx context.Context, task func(), push func(func()) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	err := push(task)
	for err == ErrFull {
		err = p.wait(ctx, task, push)
	}
	if err != nil {
		return err
	}
	p.submitted()
	if p.rooms.sleeping.Load() > 0 && p.hasRoom() {
		p.rooms.wake() // slots are freed out of order: one wake-up may stand for two
	}
	return nil
}

func (p *Ring) hasRoom() bool {
	at := p.tail.Load()
	return at&shutBit == 0 && int64(p.slot(at).turn.Load()-at) >= 0
}

// wait sleeps until there may be room. It returns ErrFull if the caller should try again.
func (p *Ring) wait(ctx context.Context, task func(), push func(func()) error) error {
	t := p.rooms.join()
	if err := push(task); err != ErrFull {
		p.abandon(t)
		return err
	}
	var err error
	select {
	case <-t.woken:
		return push(task)
	case <-ctx.Done():
		err = ctx.Err()
	case <-p.closing:
		err = ErrClosed
	}
	p.abandon(t)
	return err
}

// abandon ends a wait that may have been served just now. Another submitter then has what
// it was woken for.
func (p *Ring) abandon(t *ticket) {
	if !p.rooms.leave(t) {
		p.rooms.wake()
	}
}

// hasMore counts positions that submitters have taken, although their tasks may not be
// there yet.
func (p *Ring) hasMore() bool { return p.tail.Load()&^shutBit != p.head.Load() }

func (p *Ring) hasEnded() bool { return p.tail.Load() == p.head.Load()|shutBit }

// Close ends waiting Submits, and waits for the workers.
func (p *Ring) Close() {
	p.once.Do(func() {
		p.tail.Or(shutBit)
		close(p.closing)
	})
	p.close()
}
