package distlock

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

const (
	// leftCalls is how many times a client acquires and releases a key to show whether it
	// leaves anything behind.
	leftCalls = 100
	// maxLeft is how many goroutines may be left of that: a client may start some once.
	maxLeft = leftCalls / 2
)

// leavesNothing checks that acquisitions leave no goroutine behind, neither under a
// context that cannot end nor under one that has not ended.
func (c *company) leavesNothing() error {
	client, err := c.dial()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.ctx, 5*c.slack)
	defer cancel()
	before := 0
	for i := range leftCalls + 1 {
		under := ctx
		if i%2 == 0 {
			under = context.Background()
		}
		l, err := client.Acquire(under, fmt.Sprintf("w%d-left", c.windows), restTTL)
		if err != nil {
			return fmt.Errorf("a client of its own key: %w", err)
		}
		if err := l.Release(under); err != nil {
			return fmt.Errorf("a client of its own key: %w", err)
		}
		if i == 0 {
			before = runtime.NumGoroutine()
		}
	}
	for start := time.Now(); ; time.Sleep(poll) {
		left := runtime.NumGoroutine() - before
		if left < maxLeft {
			return nil
		}
		if time.Since(start) > c.slack {
			return fmt.Errorf("%d acquisitions and releases left %d goroutines behind", leftCalls, left)
		}
	}
}
