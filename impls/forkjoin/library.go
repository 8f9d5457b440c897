package forkjoin

import (
	"github.com/sourcegraph/conc"
	"golang.org/x/sync/errgroup"
)

// ErrGroup is a group of golang.org/x/sync for every task that forks.
//
// Source: golang.org/x/sync v0.24.0, package errgroup.
// Progress: that of the Go scheduler.
// Space: a goroutine for each task and a group for each scope.
// Ordering: the end of a goroutine synchronizes before the Wait that it unblocks.
// It cannot bound nested tasks: with SetLimit, Go blocks until another task ends, and
// when all wait in Go, none does. A group of its own for each task is no bound either. So
// there is no limit here. It passes no panic on: a task that panics ends the process.
// The zero value is ready for use, and may be copied.
type ErrGroup struct{}

// Run runs the task on the caller's goroutine.
func (ErrGroup) Run(task Task) { new(errScope).run(task) }

// Close does nothing.
func (ErrGroup) Close() {}

// errScope is a task's group. A Group must not be used again after Wait.
type errScope struct{ group *errgroup.Group }

// Fork starts a goroutine of the group.
func (s *errScope) Fork(task Task) {
	if s.group == nil {
		s.group = new(errgroup.Group)
	}
	s.group.Go(func() error {
		new(errScope).run(task)
		return nil
	})
}

// Join waits for the group. Its tasks return no error.
func (s *errScope) Join() {
	if s.group == nil {
		return
	}
	if err := s.group.Wait(); err != nil {
		panic(err)
	}
	s.group = nil
}

func (s *errScope) run(task Task) {
	task(s)
	s.Join()
}

// Conc is a conc.WaitGroup for every task that forks.
//
// Source: github.com/sourcegraph/conc v0.3.0.
// Progress: that of the Go scheduler.
// Space: a goroutine for each task and a group for each scope.
// Ordering: the end of a goroutine synchronizes before the Wait that it unblocks.
// It cannot bound nested tasks: Go of a conc/pool with WithMaxGoroutines blocks until a
// worker is free, and when all workers wait in Go, none is. So there is no limit here. It
// passes panics on, each inside a panics.Recovered for every level that it has passed.
// The zero value is ready for use, and may be copied.
type Conc struct{}

// Run runs the task on the caller's goroutine.
func (Conc) Run(task Task) { new(concScope).run(task) }

// Close does nothing.
func (Conc) Close() {}

// concScope is a task's group. After a panic, a WaitGroup passes it on again and again,
// so each Join ends its group.
type concScope struct{ group *conc.WaitGroup }

// Fork starts a goroutine of the group.
func (s *concScope) Fork(task Task) {
	if s.group == nil {
		s.group = conc.NewWaitGroup()
	}
	s.group.Go(func() { new(concScope).run(task) })
}

// Join waits for the group.
func (s *concScope) Join() {
	if g := s.group; g != nil {
		s.group = nil
		g.Wait()
	}
}

// run joins the tasks also if this one panics.
func (s *concScope) run(task Task) {
	defer s.Join()
	task(s)
}
