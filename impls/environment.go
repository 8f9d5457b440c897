package impls

import (
	"errors"
	"slices"
	"strings"
	"syscall"
)

// EnvironmentError says that the machine lacks what a trial needs: a folder for temporary
// files, a free descriptor, a server that answers. It says nothing of the implementation.
type EnvironmentError struct{ Err error }

func (e *EnvironmentError) Error() string { return "the environment: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *EnvironmentError) Unwrap() error { return e.Err }

// Environment returns err as an EnvironmentError.
func Environment(err error) error { return &EnvironmentError{err} }

// exhausted are the errors of a system that has nothing left to give.
var exhausted = []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOSPC, syscall.EDQUOT, syscall.ENOMEM}

// exhaustedTexts say the same in the log of a process that cannot start, in lower case.
// The Go runtime prints the last four.
var exhaustedTexts = []string{
	"too many open files", "no space left on device", "disk quota exceeded", "cannot allocate memory",
	"address already in use",
	"failed to create new os thread", "pthread_create failed", "out of memory", "failed to reserve",
}

// EnvironmentOf returns err as an EnvironmentError if it was one before, if the system had
// nothing left, or if the log of a process that could not start says so. Otherwise it
// returns err.
func EnvironmentOf(err error, log string) error {
	var known *EnvironmentError
	if err == nil || errors.As(err, &known) {
		return err
	}
	is := func(of error) bool { return errors.Is(err, of) }
	says := func(text string) bool { return strings.Contains(strings.ToLower(log), text) }
	noProcess := errors.Is(err, syscall.EAGAIN) && strings.Contains(err.Error(), "fork/exec")
	if noProcess || slices.ContainsFunc(exhausted, is) || slices.ContainsFunc(exhaustedTexts, says) {
		return Environment(err)
	}
	return err
}
