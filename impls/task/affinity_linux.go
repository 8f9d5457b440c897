package task

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// missing says why rows that need Linux cannot run. They can.
func missing() error { return nil }

// processors returns a function that binds the thread on which it runs to one of the
// processors on which the caller may run. That returns what gives the thread the others
// back.
func processors() (bind func(worker int) (undo func() error, err error), err error) {
	var all unix.CPUSet
	if err := unix.SchedGetaffinity(0, &all); err != nil {
		return nil, fmt.Errorf("task: asking for the processors: %w", err)
	}
	var numbers []int
	for cpu := range len(all) * wordBits {
		if all.IsSet(cpu) {
			numbers = append(numbers, cpu)
		}
	}
	if len(numbers) == 0 {
		return nil, errors.New("task: asking for the processors: got none")
	}
	return func(worker int) (func() error, error) {
		var one unix.CPUSet
		one.Set(numbers[worker%len(numbers)])
		return func() error { return setAffinity(&all) }, setAffinity(&one)
	}, nil
}

const wordBits = 64

// setAffinity binds the caller's thread.
func setAffinity(mask *unix.CPUSet) error {
	if err := unix.SchedSetaffinity(0, mask); err != nil {
		return fmt.Errorf("task: binding a thread to processors: %w", err)
	}
	return nil
}
