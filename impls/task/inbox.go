package task

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// An inbox gathers tasks until a worker takes all of them at once, as a batch.
type inbox struct {
	mu     sync.Mutex
	tasks  []func()
	closed bool
	full   atomic.Bool // there are tasks
	_      [cpu.Line]byte
}

// push adds a task, and reports whether the inbox is open.
func (in *inbox) push(task func()) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.closed {
		return false
	}
	in.tasks = append(in.tasks, task)
	in.full.Store(true)
	return true
}

func (in *inbox) shut() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.closed = true
}

// empty takes all tasks. The first is the caller's, and the others are published before
// the inbox looks empty. So a worker that looks into the inbox and then at the batches
// misses none.
func (in *inbox) empty(publish func(*batch)) func() {
	if len(in.tasks) == 0 {
		return nil
	}
	b := &batch{tasks: in.tasks}
	first := b.take()
	publish(b)
	in.tasks = make([]func(), 0, min(len(b.tasks), maxInbox))
	in.full.Store(false)
	return first
}

// maxInbox is the largest room that an inbox makes before it knows how many tasks come.
const maxInbox = 256

// A batch is tasks that several workers take, each by one atomic addition. Its places are
// not used again, so no worker can take a task of a later batch by a stale number.
type batch struct {
	tasks []func()
	next  atomic.Int64
	_     [cpu.Line]byte
}

// left reports whether there are tasks.
func (b *batch) left() bool { return b.next.Load() < int64(len(b.tasks)) }

// take removes the oldest task. It returns nil if there is none.
func (b *batch) take() func() {
	if !b.left() {
		return nil
	}
	at := b.next.Add(1) - 1
	if at >= int64(len(b.tasks)) {
		return nil
	}
	task := b.tasks[at]
	b.tasks[at] = nil
	return task
}
