package forkjoin

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// The seeded bugs. Each is its twin minus one idea; the lines that differ are marked.
// None of them may be used.

// popsStolen is ChaseLev whose owner takes the last task even if a thief has it.
type popsStolen struct{ ChaseLev }

func (popsStolen) queue() queue {
	d := new(popsStolenDeque)
	d.ring.Store(newRing(firstRing))
	return d
}

type popsStolenDeque struct{ chaseLevDeque }

func (d *popsStolenDeque) pop() *node {
	b := d.bottom.Load() - 1
	if d.top.Load() > b {
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
		d.top.CompareAndSwap(t, t+1) // bug: ChaseLev returns no task if that fails
		d.bottom.Store(b + 1)
	}
	return n
}

// publishesEarly is ChaseLev whose push counts a task before it is in the buffer.
type publishesEarly struct{ ChaseLev }

func (publishesEarly) queue() queue {
	d := new(publishesEarlyDeque)
	d.ring.Store(newRing(firstRing))
	return d
}

type publishesEarlyDeque struct{ chaseLevDeque }

func (d *publishesEarlyDeque) push(n *node) {
	b, r := d.bottom.Load(), d.ring.Load()
	if t := d.top.Load(); b-t > r.mask {
		r = r.grown(t, b)
		d.ring.Store(r)
	}
	d.bottom.Store(b + 1) // bug: ChaseLev does that last
	r.at(b).Store(n)
}

// staleRing is ChaseLev whose thieves keep the buffer that they have seen first.
type staleRing struct{ ChaseLev }

func (staleRing) queue() queue {
	d := new(staleRingDeque)
	d.ring.Store(newRing(firstRing))
	return d
}

type staleRingDeque struct {
	chaseLevDeque
	seen atomic.Pointer[ring] // …
}

func (d *staleRingDeque) steal(queue) *node {
	d.seen.CompareAndSwap(nil, d.ring.Load()) // bug: ChaseLev reads the buffer …
	for {
		t := d.top.Load()
		if t >= d.bottom.Load() {
			return nil
		}
		n := d.seen.Load().at(t).Load() // … for each task
		if d.top.CompareAndSwap(t, t+1) {
			return n
		}
	}
}

// missesPush is ChaseLev whose workers do not look for tasks after they have lain down.
// The Fork that came just before woke no worker.
type missesPush struct{ ChaseLev }

func (missesPush) sleep(w *worker, n *node) {
	b := &w.pool.beds
	b.lieDown(w)
	if w.done(n) { // bug: ChaseLev looks for tasks, too
		b.getUp(w)
		return
	}
	<-w.bell
}

// waitsIdle is ChaseLev whose Join runs no task while it waits.
type waitsIdle struct{ ChaseLev }

func (waitsIdle) await(n *node) {
	cpu.Until(func() bool { return !n.open() }) // bug: ChaseLev runs tasks meanwhile
}

// endsEarly is ChaseLev whose thieves tell the parent when they begin a task.
type endsEarly struct{ ChaseLev }

func (endsEarly) run(w *worker, n *node) {
	n.worker = w
	parent := n.parent
	if parent.worker != w { // …
		parent.ended(w, nil) // bug: ChaseLev does that after it has run the task
		run(n.task, n)       // …
		w.free(n)            // …
		return               // …
	}
	failure := run(n.task, n)
	w.free(n)
	parent.ended(w, failure)
}

// endsSilently is ChaseLev whose thieves do not wake the Join that waits for a task.
type endsSilently struct{ ChaseLev }

func (endsSilently) run(w *worker, n *node) {
	n.worker = w
	failure := run(n.task, n)
	parent := n.parent
	w.free(n)
	if failure == nil && parent.worker != w {
		parent.elsewhere.Add(1) // bug: ChaseLev wakes the worker of the parent, too
		return
	}
	parent.ended(w, failure)
}

// dropsPanic is ChaseLev whose thieves do not report the panic of a task.
type dropsPanic struct{ ChaseLev }

func (dropsPanic) run(w *worker, n *node) {
	n.worker = w
	failure := run(n.task, n)
	parent := n.parent
	w.free(n)
	if parent.worker != w {
		failure = nil // bug: ChaseLev tells the parent of it
	}
	parent.ended(w, failure)
}

// panicsEarly is ChaseLev whose Join passes a panic on at once.
type panicsEarly struct{ ChaseLev }

func (panicsEarly) await(n *node) {
	w := n.worker
	for t := w.find(n); t != nil; t = w.find(n) {
		w.pool.policy.run(w, t)
		if n.failure.Load() != nil {
			panic(n.failure.Swap(nil)) // bug: ChaseLev waits for the other children first
		}
	}
}

// losesOne is StealHalf whose thieves leave a task behind when they queue up what they
// have taken.
type losesOne struct{ StealHalf }

func (losesOne) queue() queue { return new(losesOneDeque) }

type losesOneDeque struct{ halfDeque }

func (d *losesOneDeque) steal(thief queue) *node {
	if d.empty() {
		return nil
	}
	var carrier [64]*node
	first, others := d.half(carrier[:0])
	for i := 1; i < len(others); i++ { // bug: StealHalf begins at 0
		thief.push(others[i])
	}
	return first
}

// wakesOne is MutexDeque whose Close wakes one of the workers that sleep.
type wakesOne struct{ MutexDeque }

func (wakesOne) end(s *Scheduler) {
	s.closed.Store(true)
	s.beds.wakeOne() // bug: MutexDeque wakes all
}

// joinsOnce is Goroutines whose scopes wait for their tasks at the first Join only.
type joinsOnce struct{ Goroutines }

func (joinsOnce) Run(task Task) { mustRun(task, new(onceGroup)) }

type onceGroup struct {
	group
	joined bool // …
}

func (g *onceGroup) Fork(task Task) { g.start(task, new(onceGroup)) }

func (g *onceGroup) Join() {
	if !g.joined { // bug: Goroutines waits each time
		g.joined = true // …
		g.group.Join()
	}
}

// addsLate is Goroutines whose children count themselves. A Join may come before that.
type addsLate struct{ Goroutines }

func (addsLate) Run(task Task) { mustRun(task, new(lateGroup)) }

type lateGroup struct{ group }

func (g *lateGroup) Fork(task Task) { go g.begin(task) }

func (g *lateGroup) begin(task Task) {
	g.children.Add(1) // bug: Goroutines does that before the go statement
	defer g.children.Done()
	g.ended(run(task, new(lateGroup)))
}

// abandons is Goroutines whose tasks do not wait for their children when they panic.
type abandons struct{ Goroutines }

func (abandons) Run(task Task) { mustRun(task, new(hastyGroup)) }

type hastyGroup struct{ group }

func (g *hastyGroup) Fork(task Task) { g.start(task, new(hastyGroup)) }

func (*hastyGroup) abandon() {} // bug: Goroutines waits
