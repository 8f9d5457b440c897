package forkjoin

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// ChaseLev gives each worker a deque. The worker pushes and pops at the bottom, and
// thieves steal the oldest task at the top. Only for the last task do they compete.
//
// Source: Chase and Lev, Dynamic Circular Work-Stealing Deque, SPAA 2005, fig. 1 to 7,
// without shrinking. Lê et al., Correct and Efficient Work-Stealing for Weak Memory
// Models, PPoPP 2013, say which accesses must be ordered; Go orders all atomic ones.
// Progress: push and pop are wait-free but for growth, steal is lock-free. The tasks of a
// worker run last in, first out, and thieves take the oldest.
// Space: a buffer for each worker, which grows to the most tasks that waited at once and
// is kept, and a node for each task, which is used again.
// Ordering: a push's store of bottom synchronizes before the steal that reads it. The end
// of a stolen task synchronizes before its Join by the counter in the parent.
// Wins where tasks are small and worth stealing. Loses to Split by the fences that each
// push and pop needs.
// Make one with NewChaseLev. It must not be copied.
type ChaseLev struct{ helping }

// NewChaseLev starts a pool.
func NewChaseLev(workers int) *Scheduler { return newScheduler(workers, ChaseLev{}) }

func (ChaseLev) queue() queue { return newChaseLevDeque() }

// chaseLevDeque holds the tasks from top to bottom, without bottom. Both only grow, but
// for a pop, which takes bottom back.
type chaseLevDeque struct {
	top    atomic.Int64
	_      [cpu.Line]byte // thieves write what precedes, and the owner what follows
	bottom atomic.Int64
	ring   atomic.Pointer[ring] // replaced by the owner
}

// firstRing is the size of a deque's first buffer.
const firstRing = 32

func newChaseLevDeque() *chaseLevDeque {
	d := new(chaseLevDeque)
	d.ring.Store(newRing(firstRing))
	return d
}

func (d *chaseLevDeque) push(n *node) {
	b, r := d.bottom.Load(), d.ring.Load()
	if t := d.top.Load(); b-t > r.mask {
		r = r.grown(t, b)
		d.ring.Store(r)
	}
	r.at(b).Store(n)
	d.bottom.Store(b + 1)
}

func (d *chaseLevDeque) pop() *node {
	b := d.bottom.Load() - 1
	if d.top.Load() > b { // top never falls
		return nil
	}
	d.bottom.Store(b)
	t := d.top.Load()
	if t > b {
		d.bottom.Store(b + 1)
		return nil
	}
	n := d.ring.Load().at(b).Load()
	if t == b {
		if !d.top.CompareAndSwap(t, t+1) {
			n = nil
		}
		d.bottom.Store(b + 1)
	}
	return n
}

// steal reads the buffer after top and bottom. The task at top is in that buffer, or top
// has moved on and the swap fails.
func (d *chaseLevDeque) steal(queue) *node {
	for {
		t := d.top.Load()
		if t >= d.bottom.Load() {
			return nil
		}
		n := d.ring.Load().at(t).Load()
		if d.top.CompareAndSwap(t, t+1) {
			return n
		}
	}
}

func (d *chaseLevDeque) empty() bool { return d.top.Load() >= d.bottom.Load() }

// ring is a buffer whose size is a power of two. The task with a number is at that number
// modulo the size.
type ring struct {
	mask  int64
	slots []atomic.Pointer[node]
}

func newRing(size int64) *ring { return &ring{size - 1, make([]atomic.Pointer[node], size)} }

func (r *ring) at(number int64) *atomic.Pointer[node] { return &r.slots[number&r.mask] }

// grown returns a ring of twice the size with the tasks from t to b.
func (r *ring) grown(t, b int64) *ring {
	g := newRing(2 * (r.mask + 1))
	for i := t; i < b; i++ {
		g.at(i).Store(r.at(i).Load())
	}
	return g
}
