package semaphore

import (
	"container/list"
	"context"
	"sync"
)

// counted is the permits of a semaphore that keeps them under a Mutex.
type counted struct {
	mu      sync.Mutex
	permits int
	held    int
}

// take takes n permits if they are free. The caller holds mu.
func (c *counted) take(n int) bool {
	if n < 0 || c.held+n > c.permits {
		return false
	}
	c.held += n
	return true
}

// give gives n permits back, or panics. The caller holds mu.
func (c *counted) give(n int) {
	mustRelease(n, c.held)
	c.held -= n
}

// TryAcquire takes n permits if they are free.
func (c *counted) TryAcquire(n int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.take(n)
}

// line is those who wait, in the order of their arrival. Its owner's Mutex guards it.
type line struct{ waiters list.List } // of *waiter

type waiter struct {
	n     int
	ready chan struct{} // closed when the permits are its own
	place *list.Element
}

func (l *line) join(n int) *waiter {
	w := &waiter{n: n, ready: make(chan struct{})}
	w.place = l.waiters.PushBack(w)
	return w
}

// serve hands permits over by take from the head on: to the first that take refuses, or past those it refuses.
// It returns how many were served.
func (l *line) serve(take func(n int) bool, past bool) (served int) {
	for e := l.waiters.Front(); e != nil; {
		next, w := e.Next(), e.Value.(*waiter)
		if take(w.n) {
			l.waiters.Remove(e)
			close(w.ready)
			served++
		} else if !past {
			break
		}
		e = next
	}
	return served
}

// wait returns when w has been served, or when ctx ends: then it takes w out of the line and calls left, both under
// the owner's Mutex. Who was served meanwhile keeps the permits, and gets no error.
func (l *line) wait(ctx context.Context, mu *sync.Mutex, w *waiter, left func()) error {
	select {
	case <-w.ready:
		return nil
	case <-ctx.Done():
	}
	mu.Lock()
	defer mu.Unlock()
	select {
	case <-w.ready:
		return nil
	default:
	}
	l.waiters.Remove(w.place)
	left()
	return ctx.Err()
}
