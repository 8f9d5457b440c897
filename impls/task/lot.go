package task

import (
	"container/list"
	"sync"
	"sync/atomic"
)

// A lot is where goroutines sleep until there may be what they look for. A sleeper joins,
// looks once more, and sleeps then. A waker changes what the sleeper looks at, and then
// looks for sleepers. Both use sequentially consistent operations, so one sees the other.
type lot struct {
	sleeping atomic.Int64
	mu       sync.Mutex
	line     list.List // of *ticket, first come first
}

// A ticket is a place in a lot.
type ticket struct {
	woken chan struct{} // of one, so that a waker never blocks
	at    *list.Element // nil: it was woken
}

// join takes a place at the end.
func (l *lot) join() *ticket {
	t := &ticket{woken: make(chan struct{}, 1)}
	l.mu.Lock()
	defer l.mu.Unlock()
	t.at = l.line.PushBack(t)
	l.sleeping.Add(1)
	return t
}

// leave gives a place up. If the sleeper was woken before that, leave returns false, and
// the caller must pass the wake-up on.
func (l *lot) leave(t *ticket) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.remove(t)
}

func (l *lot) remove(t *ticket) bool {
	if t.at == nil {
		return false
	}
	l.line.Remove(t.at)
	t.at = nil
	l.sleeping.Add(-1)
	return true
}

// wake wakes the first sleeper, and reports whether there was one.
func (l *lot) wake() bool {
	if l.sleeping.Load() == 0 {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	first := l.line.Front()
	if first == nil {
		return false
	}
	t := first.Value.(*ticket)
	l.remove(t)
	t.woken <- struct{}{}
	return true
}
