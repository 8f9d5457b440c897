package semaphore

import (
	"context"
	"sync"
)

// Cond is a counter under a sync.Mutex, with a sync.Cond that wakes all waiters at each
// release.
//
// Source: Hoare, Monitors: An Operating System Structuring Concept, CACM 17(10), 1974,
// §2, with Mesa's signals.
// Progress: barging; a heavy waiter may starve behind light ones.
// Space: 80 bytes, and a registered function for each wait that can be cancelled.
// Ordering: every access is under the Mutex.
// Wins with few waiters. Loses with many, because all of them wake for one permit.
// Make one with NewCond. A Cond must not be copied.
type Cond struct {
	counted
	changed sync.Cond
}

// NewCond returns a semaphore with all permits free.
func NewCond(permits int) *Cond {
	s := new(Cond)
	s.init(permits)
	return s
}

func (s *Cond) init(permits int) {
	s.permits = permits
	s.changed.L = &s.mu
}

// Acquire waits until n permits are free.
func (s *Cond) Acquire(ctx context.Context, n int) error {
	if err := check(ctx, n); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.take(n) {
		return nil
	}
	stop := context.AfterFunc(ctx, func() {
		s.mu.Lock() // so that the broadcast cannot fall between the waiter's look and its wait
		defer s.mu.Unlock()
		s.changed.Broadcast()
	})
	defer stop()
	for !s.take(n) {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.changed.Wait()
	}
	return nil
}

// Release gives n permits back.
func (s *Cond) Release(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.give(n)
	s.changed.Broadcast()
}

// Resize changes the number of permits.
func (s *Cond) Resize(permits int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.permits = permits
	s.changed.Broadcast()
}
