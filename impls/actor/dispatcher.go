package actor

import (
	"runtime"
	"sync"
)

// dispatcher is the engine that runs actors on a number of goroutines, in the order in
// which they were scheduled. A goroutine without an actor searches for a while before it
// parks. While one searches, no other is woken: it finds what is scheduled, and wakes
// another if there is more.
//
// Source: the search before the sleep is that of the Go scheduler, runtime/proc.go,
// "Worker thread parking/unparking".
// Progress: an actor runs after those in line before it, each for one batch.
// Space: a link in each actor.
type dispatcher struct {
	mu          sync.Mutex
	wake        sync.Cond
	first, last *cell // the line
	parked      int
	searching   int // those that search, or are woken to
	closed      bool
	group       sync.WaitGroup
}

// scheduler is what actors and goroutines see of a dispatcher.
type scheduler interface {
	// schedule puts an actor in line.
	schedule(a *cell)
	// next waits for an actor. nil: the system is closed.
	next() *cell
}

// patience is how often a goroutine looks for an actor before it parks.
const patience = 32

// begin starts the goroutines, which work for s.
func (d *dispatcher) begin(workers int, s scheduler) {
	d.wake.L = &d.mu
	for range workers {
		d.group.Go(func() {
			t := new(turn)
			for a := s.next(); a != nil; a = s.next() {
				a.run(t)
			}
		})
	}
}

// start does nothing: an actor runs when it has a message.
func (d *dispatcher) start(*cell) {}

func (d *dispatcher) close() {
	d.mu.Lock()
	d.closed = true
	d.wake.Broadcast()
	d.mu.Unlock()
	d.group.Wait()
}

func (d *dispatcher) schedule(a *cell) {
	d.mu.Lock()
	d.append(a)
	d.call()
	d.mu.Unlock()
}

// append puts an actor at the end of the line. The caller holds mu.
func (d *dispatcher) append(a *cell) {
	if d.last == nil {
		d.first = a
	} else {
		d.last.next = a
	}
	d.last = a
}

// call wakes a goroutine, unless one searches. The caller holds mu.
func (d *dispatcher) call() {
	if d.searching == 0 && d.parked > 0 {
		d.parked--
		d.searching++
		d.wake.Signal()
	}
}

// pop takes the first of the line. The caller holds mu.
func (d *dispatcher) pop() *cell {
	a := d.first
	if a == nil {
		return nil
	}
	d.first, a.next = a.next, nil
	if d.first == nil {
		d.last = nil
	}
	return a
}

func (d *dispatcher) next() *cell {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.search()
	for d.first == nil && !d.closed {
		d.park()
	}
	a := d.pop()
	if d.first != nil {
		d.call()
	}
	return a
}

// search looks at the line for a while, unless another goroutine does. The caller holds
// mu.
func (d *dispatcher) search() {
	if d.searching > 0 {
		return
	}
	d.searching++
	for look := 0; look < patience && d.first == nil && !d.closed; look++ {
		d.mu.Unlock()
		runtime.Gosched()
		d.mu.Lock()
	}
	d.searching--
}

// park waits for a call. The caller holds mu since its last look at the line, so that
// nothing is scheduled in between.
func (d *dispatcher) park() {
	d.parked++
	d.wake.Wait()
	d.searching-- // call has counted this goroutine
}
