package future

import "sync/atomic"

// word is the state of a promise in one atomic pointer: a stack of links that wait for the
// decision. After the decision, its mark is at the bottom of the stack, and callbacks that
// are added while others run are above it.
type word[T any] struct{ top atomic.Pointer[link[T]] }

// link is a callback or a waiter on the stack, or the mark of a decision. Any mark but idle
// says that a goroutine calls callbacks.
type link[T any] struct {
	next  *link[T]
	made  *decision[T]   // of the promise as the link was pushed; nil: there was none
	call  func(T, error) // nil: the link is none of a callback
	woken chan struct{}  // nil: the link is none of a waiter
}

// decision is an outcome and its mark while no goroutine calls callbacks.
type decision[T any] struct {
	outcome[T]
	idle link[T]
}

func newDecision[T any](o outcome[T]) *decision[T] {
	d := &decision[T]{outcome: o}
	d.idle.made = d
	return d
}

func (l *link[T]) decision() *decision[T] {
	if l == nil {
		return nil
	}
	return l.made
}

// load returns the decision, or nil if there is none.
func (w *word[T]) load() *decision[T] { return w.top.Load().decision() }

// decide sets the outcome, wakes the waiters of the stack and those of wake, and then
// calls the callbacks. It reports whether it was the first to decide.
func (w *word[T]) decide(o outcome[T], wake func()) bool {
	if w.load() != nil {
		return false
	}
	d := newDecision(o)
	for {
		top := w.top.Load()
		if top.decision() != nil {
			return false
		}
		mark := &d.idle
		if top != nil {
			mark = &link[T]{made: d}
		}
		if w.top.CompareAndSwap(top, mark) {
			wake()
			if top != nil {
				d.serve(top, nil)
				w.callAll(d, mark)
			}
			return true
		}
	}
}

// Then has f called with the outcome: now, if it is known and no other goroutine calls
// callbacks.
func (w *word[T]) Then(f func(T, error)) {
	l := &link[T]{call: f}
	for {
		top := w.top.Load()
		d := top.decision()
		l.next, l.made = top, d
		if !w.top.CompareAndSwap(top, l) {
			continue
		}
		if d != nil && top == &d.idle { // l is the mark now
			f(d.value, d.err)
			w.callAll(d, l)
		}
		return
	}
}

// callAll calls the callbacks that were added while the caller called others, until there
// is none. The caller has set the mark.
func (w *word[T]) callAll(d *decision[T], mark *link[T]) {
	for !w.top.CompareAndSwap(mark, &d.idle) {
		d.serve(w.top.Swap(mark), mark)
	}
}

// serve wakes the waiters of a stack and then calls its callbacks, both in the order in
// which they came. Nothing is pushed on top of the stack any more.
func (d *decision[T]) serve(top, bottom *link[T]) {
	var first *link[T]
	for l := top; l != bottom; {
		next := l.next
		l.next, first = first, l
		l = next
	}
	for l := first; l != nil; l = l.next {
		if l.woken != nil {
			close(l.woken)
		}
	}
	for l := first; l != nil; l = l.next {
		if l.call != nil {
			l.call(d.value, d.err)
		}
	}
}
