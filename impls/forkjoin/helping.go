package forkjoin

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// helping is the policy of workers that help: they run tasks while they wait in a Join,
// and sleep only when there is none.
type helping struct{}

func (helping) run(w *worker, n *node) {
	n.worker = w
	failure := run(n.task, n)
	parent := n.parent
	w.free(n)
	parent.ended(w, failure)
}

func (helping) await(n *node) {
	w := n.worker
	for t := w.find(n); t != nil; t = w.find(n) {
		w.pool.policy.run(w, t)
	}
}

// sleep lies down and looks again before it sleeps. A Fork wakes only those that lie down
// already, so its task is either seen here or wakes a worker.
func (helping) sleep(w *worker, n *node) {
	s := w.pool
	s.beds.lieDown(w)
	if w.done(n) || s.hasWork() {
		s.beds.getUp(w)
		return
	}
	<-w.bell
}

func (helping) end(s *Scheduler) {
	s.closed.Store(true)
	for _, w := range *s.all.Load() {
		w.wake()
	}
}

// hasWork reports whether there is a task to steal.
func (s *Scheduler) hasWork() bool {
	for _, w := range *s.all.Load() {
		if !w.queue.empty() {
			return true
		}
	}
	return false
}

// passOn wakes a worker if there is a task to steal. A worker that has looked for one
// calls it: a Fork that saw it look has woken no other.
func (s *Scheduler) passOn() {
	if s.beds.taken.Load() > 0 && s.hasWork() {
		s.beds.wakeOne()
	}
}

// beds are where workers sleep. Every worker is one that runs tasks, or looks for some,
// or sleeps.
type beds struct {
	taken   atomic.Int64 // the length of sleepers; changed under mu
	_       [cpu.Line]byte
	looking atomic.Int64 // workers that look for tasks
	mu      sync.Mutex
	// sleepers holds the workers that have not been woken, the last to lie down at the
	// end.
	sleepers []*worker
}

// lieDown makes a worker that looks one that sleeps.
func (b *beds) lieDown(w *worker) {
	b.looking.Add(-1)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sleepers = append(b.sleepers, w)
	w.asleep.Store(true)
	b.taken.Add(1)
}

// getUp undoes lieDown. If another worker has rung meanwhile, it hears the bell.
func (b *beds) getUp(w *worker) {
	if !b.leave(w) {
		<-w.bell
	}
}

// leave makes a worker that sleeps one that looks, and reports whether it did sleep.
func (b *beds) leave(w *worker) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !w.asleep.Load() {
		return false
	}
	b.take(slices.Index(b.sleepers, w))
	return true
}

// take takes a sleeper out. The caller holds mu.
func (b *beds) take(at int) *worker {
	w := b.sleepers[at]
	b.sleepers = slices.Delete(b.sleepers, at, at+1)
	w.asleep.Store(false)
	b.looking.Add(1)
	b.taken.Add(-1)
	return w
}

// wakeOne wakes the worker that has slept for the shortest time, unless one looks for
// tasks, or none sleeps.
func (b *beds) wakeOne() {
	if b.taken.Load() > 0 && b.looking.Load() == 0 {
		b.ring()
	}
}

func (b *beds) ring() {
	b.mu.Lock()
	if len(b.sleepers) == 0 {
		b.mu.Unlock()
		return
	}
	w := b.take(len(b.sleepers) - 1)
	b.mu.Unlock()
	w.bell <- struct{}{}
}

// wake wakes w, if it sleeps.
func (w *worker) wake() {
	if w.asleep.Load() && w.pool.beds.leave(w) {
		w.bell <- struct{}{}
	}
}
