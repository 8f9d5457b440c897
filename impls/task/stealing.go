package task

import (
	"context"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Stealing gives each worker an inbox and a batch. A worker takes tasks from its batch,
// and takes its inbox as the next one. With both empty it steals: another worker's whole
// inbox, or else a task from another worker's batch.
//
// Source: Blumofe and Leiserson, Scheduling Multithreaded Computations by Work Stealing,
// JACM 46(5), 1999, §4. Three things are this project's. Tasks come from outside, into the
// inboxes. Victims are tried in a round. Owner and thief take from the same end, because
// tasks of a pool are independent and the oldest should run first.
// Progress: FIFO in each inbox. A task waits behind a long one only if all workers are busy.
// Space: a word for each task that is queued; slices are not used again; three cache line
// pairs for each worker.
// Ordering: that of Batched.
// Wins with bursts of tiny tasks by many submitters: their inboxes differ, and each worker
// takes from a word of its own. Loses with few tasks on many workers, which each look at
// all others before they sleep.
// Make one with NewStealing. A Stealing must not be copied.
type Stealing struct {
	searchers
	places []place
}

// A place is what a worker owns.
type place struct {
	inbox inbox
	batch atomic.Pointer[batch] // only the owner replaces it, when it is used up
	_     [cpu.Line - 8]byte
}

// NewStealing returns a pool whose workers have started.
func NewStealing(workers int) *Stealing {
	p := new(Stealing)
	p.init(workers)
	for worker := range workers {
		p.start(worker, func() { p.serve(func() func() { return p.find(worker) }) })
	}
	return p
}

func (p *Stealing) init(workers int) {
	p.places = make([]place, workers)
	for i := range p.places {
		p.places[i].batch.Store(new(batch))
	}
	p.searchers.init(p.hasMore, p.searchers.closed.Load)
}

// Submit puts a task into one of the inboxes.
func (p *Stealing) Submit(_ context.Context, task func()) error {
	if !p.places[cpu.Spread()%uint64(len(p.places))].inbox.push(task) {
		return ErrClosed
	}
	p.submitted()
	return nil
}

// find takes a task. It looks at the inboxes before it looks at the batches of others,
// because tasks move in this direction, and it must miss none.
func (p *Stealing) find(worker int) func() {
	if task := p.own(worker); task != nil {
		return task
	}
	return p.steal(worker)
}

// own takes a task from the worker's batch, or makes an inbox its batch.
func (p *Stealing) own(worker int) func() {
	own := &p.places[worker]
	if task := own.batch.Load().take(); task != nil {
		return task
	}
	for i := range p.places {
		from := &p.places[(worker+i)%len(p.places)].inbox
		if !from.full.Load() {
			continue
		}
		if task := own.grab(from); task != nil {
			return task
		}
	}
	return nil
}

// grab takes an inbox as the owner's next batch.
func (own *place) grab(from *inbox) func() {
	from.mu.Lock()
	defer from.mu.Unlock()
	return from.empty(own.batch.Store)
}

// steal takes a task from the batch of another worker.
func (p *Stealing) steal(worker int) func() {
	for i := 1; i < len(p.places); i++ {
		if task := p.places[(worker+i)%len(p.places)].batch.Load().take(); task != nil {
			return task
		}
	}
	return nil
}

func (p *Stealing) hasMore() bool {
	for i := range p.places {
		if p.places[i].inbox.full.Load() || p.places[i].batch.Load().left() {
			return true
		}
	}
	return false
}

// Close waits for the workers.
func (p *Stealing) Close() {
	for i := range p.places {
		p.places[i].inbox.shut()
	}
	p.close()
}
