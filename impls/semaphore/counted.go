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
	if n < 0 || n > c.permits-c.held { // the sum could overflow
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

// queue is the waiters in order of arrival. Its owner's Mutex guards it.
type queue struct{ waiters list.List } // of *waiter

type waiter struct {
	n       int
	ready   chan struct{} // closed when the waiter has its permits
	element *list.Element
}

func (q *queue) join(n int) *waiter {
	w := &waiter{n: n, ready: make(chan struct{})}
	w.element = q.waiters.PushBack(w)
	return w
}

// serve grants permits by take, from the first waiter on. A waiter that take refuses ends
// it, unless skip lets those behind it pass. It returns the number of waiters served.
func (q *queue) serve(take, skip func(n int) bool) (served int) {
	for e := q.waiters.Front(); e != nil; {
		next, w := e.Next(), e.Value.(*waiter)
		if take(w.n) {
			q.waiters.Remove(e)
			close(w.ready)
			served++
		} else if !skip(w.n) {
			break
		}
		e = next
	}
	return served
}

// all skips waiters of any weight, and none of no weight.
func all(int) bool  { return true }
func none(int) bool { return false }

// wait returns when w has been served, or when ctx ends. In the latter case it takes w
// out of the queue and calls left, both under the owner's Mutex. A waiter that was served
// before that keeps its permits and gets no error.
func (q *queue) wait(ctx context.Context, mu *sync.Mutex, w *waiter, left func()) error {
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
	q.waiters.Remove(w.element)
	left()
	return ctx.Err()
}
