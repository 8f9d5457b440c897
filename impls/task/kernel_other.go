//go:build !linux

package task

import "errors"

// missing says why rows that need Linux cannot run.
func missing() error { return errLinux }

var errLinux = errors.New("it needs Linux")

func newFutex() (signal, error) { return nil, errLinux }

func newEventfd() (signal, error) { return nil, errLinux }

func processors() (bind func(worker int) (undo func() error, err error), err error) {
	return nil, errLinux
}
