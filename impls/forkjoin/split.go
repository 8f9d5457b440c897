package forkjoin

import (
	"slices"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Split divides each deque in two. The newer tasks are the worker's alone, and it pushes
// and pops them without atomic writes. Thieves steal from the older ones, which a lock
// guards. A thief that finds none asks, and the worker shares half of its own at its next
// Fork or pop.
//
// Source: Dinan et al., Scalable Work Stealing, SC 2009, §3 (split queues); Acar et al.,
// Scheduling Parallel Programs by Work Stealing with Private Deques, PPoPP 2013 (thieves
// that ask).
// Progress: blocking. A task waits for as long as its worker neither forks nor joins,
// even if others are idle. So there is no promise to be work-conserving.
// Space: two slices for each worker, which grow to the most tasks that waited at once,
// and a node for each task, which is used again.
// Ordering: a task is shared under a lock. The owner sees that a thief has asked at its
// next operation.
// Wins where most tasks run on the worker that forked them. Loses where a task runs for
// long after it has forked others.
// Make one with NewSplit. It must not be copied.
type Split struct{ helping }

// NewSplit starts a pool.
func NewSplit(workers int) *Scheduler { return newScheduler(workers, Split{}) }

func (Split) queue() queue { return new(splitDeque) }

// splitDeque has the newer tasks in own and the older ones in shared.
type splitDeque struct {
	own    []*node // the worker's, the oldest first
	_      [cpu.Line]byte
	wanted atomic.Bool // a thief has found nothing
	shared mutexDeque
}

func (d *splitDeque) push(n *node) {
	d.own = append(d.own, n)
	if d.wanted.Load() {
		d.share()
	}
}

func (d *splitDeque) pop() *node {
	last := len(d.own) - 1
	if last < 0 {
		return d.shared.pop()
	}
	n := d.own[last]
	d.own[last] = nil
	d.own = d.own[:last]
	if last > 0 && d.wanted.Load() {
		d.share()
	}
	return n
}

// share gives the older half of the worker's tasks to thieves.
func (d *splitDeque) share() {
	d.wanted.Store(false)
	half := (len(d.own) + 1) / 2
	for _, n := range d.own[:half] {
		d.shared.push(n)
	}
	d.own = slices.Delete(d.own, 0, half)
}

func (d *splitDeque) steal(thief queue) *node {
	n := d.shared.steal(thief)
	if n == nil && !d.wanted.Load() {
		d.wanted.Store(true)
	}
	return n
}

func (d *splitDeque) empty() bool { return d.shared.empty() }
