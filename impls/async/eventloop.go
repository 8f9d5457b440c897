package async

import (
	"container/heap"
	"sync"
	"time"
)

// eventLoop calls functions one at a time, in a goroutine of its own: those that are
// ready, and those whose time has come.
type eventLoop struct {
	mu     sync.Mutex
	posted []func()
	woken  chan struct{} // of one, so that post never blocks
	ended  chan struct{}

	// What follows is for the functions that the loop calls.
	ready   []func()
	timers  timers
	live    int // asynchronous functions that have not ended
	closing bool
}

func newEventLoop() *eventLoop {
	l := &eventLoop{woken: make(chan struct{}, 1), ended: make(chan struct{})}
	go l.run()
	return l
}

// post has a function called. Any goroutine may call it.
func (l *eventLoop) post(f func()) {
	l.mu.Lock()
	l.posted = append(l.posted, f)
	l.mu.Unlock()
	select {
	case l.woken <- struct{}{}:
	default:
	}
}

// close waits until all asynchronous functions have ended, and ends the loop.
func (l *eventLoop) close() {
	l.post(func() { l.closing = true })
	<-l.ended
}

// at has a function called after a time.
func (l *eventLoop) at(d time.Duration, f func()) *timer {
	t := &timer{at: time.Now().Add(d), f: f}
	heap.Push(&l.timers, t)
	return t
}

// drop takes a timer out, if it has not been called.
func (l *eventLoop) drop(t *timer) {
	if t.index >= 0 {
		heap.Remove(&l.timers, t.index)
	}
}

// run is the loop.
func (l *eventLoop) run() {
	defer close(l.ended)
	alarm := time.NewTimer(0)
	defer alarm.Stop()
	var now []func()
	for {
		l.mu.Lock()
		l.ready = append(l.ready, l.posted...)
		clear(l.posted)
		l.posted = l.posted[:0]
		l.mu.Unlock()
		l.due()
		if len(l.ready) == 0 {
			if l.closing && l.live == 0 {
				return
			}
			l.wait(alarm)
			continue
		}
		now, l.ready = l.ready, now[:0]
		for _, f := range now {
			f()
		}
		clear(now)
	}
}

// due makes timers ready whose time has come.
func (l *eventLoop) due() {
	if len(l.timers) == 0 {
		return
	}
	for now := time.Now(); len(l.timers) > 0 && !l.timers[0].at.After(now); {
		l.ready = append(l.ready, heap.Pop(&l.timers).(*timer).f)
	}
}

// wait waits for a post or for the first timer.
func (l *eventLoop) wait(alarm *time.Timer) {
	if len(l.timers) == 0 {
		<-l.woken
		return
	}
	alarm.Reset(time.Until(l.timers[0].at))
	select {
	case <-l.woken:
	case <-alarm.C:
	}
}

// timer is a function that is called at a time.
type timer struct {
	at    time.Time
	f     func()
	index int // in the heap; -1: it is not there
}

// timers is a heap.
type timers []*timer

func (h timers) Len() int           { return len(h) }
func (h timers) Less(i, j int) bool { return h[i].at.Before(h[j].at) }

func (h timers) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push adds a timer, for package heap.
func (h *timers) Push(t any) {
	t.(*timer).index = len(*h)
	*h = append(*h, t.(*timer))
}

// Pop takes the last timer off, for package heap.
func (h *timers) Pop() any {
	last := len(*h) - 1
	t := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	t.index = -1
	return t
}
