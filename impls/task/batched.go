package task

import (
	"context"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Batched hands tasks over in batches. Submitters gather them in an inbox. A worker that
// finds the last batch used up takes the whole inbox as the next one, and then all workers
// take tasks from that by an atomic addition each.
//
// Source: this project; the two lists are those of Okasaki's functional queue, Purely
// Functional Data Structures, 1998, §5.2.
// Progress: FIFO among tasks. A batch is open to all workers, so a long task holds up no
// task behind it.
// Space: a word for each task that is queued; slices are not used again.
// Ordering: the atomic pointer to a batch synchronizes before the takes that see it.
// Wins with bursts of tiny tasks on few processors: the workers leave the submitters' lock
// alone but for one time in each batch. Loses with many workers, which all take from one
// word.
// Make one with NewBatched. A Batched must not be copied.
type Batched struct {
	searchers
	inbox   inbox
	current atomic.Pointer[batch]
	_       [cpu.Line - 8]byte
}

// NewBatched returns a pool whose workers have started.
func NewBatched(workers int) *Batched {
	p := new(Batched)
	p.init()
	p.startAll(workers, func() { p.serve(p.find) })
	return p
}

// NewLockedBatched is NewBatched with a thread for each worker.
func NewLockedBatched(workers int) *Batched {
	p := new(Batched)
	p.init()
	p.enter = onThread
	p.startAll(workers, func() { p.serve(p.find) })
	return p
}

func (p *Batched) init() {
	p.current.Store(new(batch))
	p.searchers.init(p.hasMore, p.searchers.closed.Load)
}

// Submit puts a task into the inbox.
func (p *Batched) Submit(_ context.Context, task func()) error {
	if !p.inbox.push(task) {
		return ErrClosed
	}
	p.submitted()
	return nil
}

// find takes a task from the batch, and makes the inbox the next batch if there is none.
func (p *Batched) find() func() {
	for {
		b := p.current.Load()
		if task := b.take(); task != nil {
			return task
		}
		if p.inbox.full.Load() {
			if task := p.refill(b); task != nil {
				return task
			}
			continue
		}
		if p.current.Load() == b {
			return nil
		}
	}
}

// refill takes the inbox, unless another worker has done so since last was used up.
func (p *Batched) refill(last *batch) func() {
	p.inbox.mu.Lock()
	defer p.inbox.mu.Unlock()
	if p.current.Load() != last {
		return nil
	}
	return p.inbox.empty(p.current.Store)
}

func (p *Batched) hasMore() bool { return p.current.Load().left() || p.inbox.full.Load() }

// Close waits for the workers.
func (p *Batched) Close() {
	p.inbox.shut()
	p.close()
}
