package forkjoin

import (
	"fmt"
	"runtime/debug"
)

// A PanicError is the panic of a task, as it reaches the caller of Run.
type PanicError struct {
	Value any    // that the task panicked with
	Stack []byte // of the task
}

// Error returns the value and the stack.
func (p *PanicError) Error() string {
	return fmt.Sprintf("forkjoin: a task panicked: %v\n%s", p.Value, p.Stack)
}

// Unwrap returns the value, if it is an error.
func (p *PanicError) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// recovered makes a PanicError of what recover returned. One that a Join passed on stays
// as it is.
func recovered(value any) *PanicError {
	if p, ok := value.(*PanicError); ok {
		return p
	}
	return &PanicError{Value: value, Stack: debug.Stack()}
}

// run runs a task in its scope, and joins what the task has not joined. It returns the
// panic of either.
func run(task Task, s Scope) (failure *PanicError) {
	returned := false
	defer func() {
		if !returned {
			failure = recovered(recover())
			s.(abandoner).abandon()
		}
	}()
	task(s)
	s.Join()
	returned = true
	return nil
}

// abandoner is the scope of a task that has panicked. abandon waits for the tasks that it
// has forked, and drops their panics.
type abandoner interface{ abandon() }
