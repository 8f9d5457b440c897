package task

import (
	"runtime"
	"sync"
)

// A crew is the workers of a pool: goroutines that each serve the pool until its end. A
// task that panics, or that ends its goroutine, costs no worker. The value of the panic is
// dropped, because the contract has no way to report it.
type crew struct {
	// enter is what a worker does before it serves, and leave is what undoes it. nil:
	// nothing.
	enter   func(worker int) (leave func())
	present sync.WaitGroup
}

// start adds a worker. It calls serve until that returns in the normal way.
func (c *crew) start(worker int, serve func()) {
	c.present.Add(1)
	go c.work(worker, serve)
}

// startAll adds n workers, which share a way to serve.
func (c *crew) startAll(n int, serve func()) {
	for worker := range n {
		c.start(worker, serve)
	}
}

func (c *crew) work(worker int, serve func()) {
	ended, leave := false, func() {}
	defer func() {
		leave()
		if ended {
			c.present.Done()
			return
		}
		go c.work(worker, serve) // a task has ended this goroutine
	}()
	if c.enter != nil {
		leave = c.enter(worker)
	}
	for !ended {
		ended = returns(serve)
	}
}

// returns reports whether f returned, and did not panic.
func returns(f func()) (yes bool) {
	defer func() { _ = recover() }()
	f()
	return true
}

// onThread locks a worker to its thread. It is not unlocked: the runtime ends the thread
// with the worker. So neither the thread nor what tasks left in it outlives the pool.
//
// The Go scheduler starts a new time slice whenever it switches to a locked goroutine. A
// worker and a submitter that wake each other can so keep other goroutines of their
// processor waiting for ever, if no other processor is free to take them.
func onThread(int) (leave func()) {
	runtime.LockOSThread()
	return func() {}
}
