package task

import "context"

// Goroutine runs each task on a goroutine of its own. It is what a pool must beat: the
// runtime's scheduler is a pool of workers already.
//
// Source: The Go Programming Language Specification, Go statements.
// Progress: the scheduler runs all tasks at once, fairly.
// Space: a goroutine for each task, from its Submit to its end.
// Ordering: the go statement synchronizes before its function starts. The end of a task
// counts down a word that Close waits for.
// Wins with long tasks, and with those that block. Loses with bursts of tiny tasks, whose
// goroutines cost more than they do. It has no limit, so an overload becomes memory. A
// task that panics ends the process.
// Make one with NewGoroutine. A Goroutine may be copied: copies are the same pool.
type Goroutine struct{ *gate }

// NewGoroutine returns a pool without workers.
func NewGoroutine() Goroutine { return Goroutine{newGate()} }

// Submit starts a goroutine.
func (p Goroutine) Submit(_ context.Context, task func()) error {
	if !p.enter() {
		return ErrClosed
	}
	go func() {
		defer p.leave()
		task()
	}()
	return nil
}

// Close waits for the tasks.
func (p Goroutine) Close() { p.shut() }
