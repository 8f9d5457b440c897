package forkjoin

// Sequential runs a task as part of its fork: the program without a scheduler.
//
// Source: the serial elision of Cilk, in Frigo, Leiserson and Randall, PLDI 1998, §2.
// Progress: the caller's. Space: none.
// Ordering: that of one goroutine.
// Wins on one processor. It shows what calls through an interface cost.
// The zero value is ready for use, and may be copied.
type Sequential struct{}

// Run runs the task.
func (s Sequential) Run(task Task) { task(s) }

// Close does nothing.
func (Sequential) Close() {}

// Fork runs the task.
func (s Sequential) Fork(task Task) { task(s) }

// Join does nothing.
func (Sequential) Join() {}
