package task

import (
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// affinity is the processors on which a thread may run.
type affinity = unix.CPUSet

// affinityOf returns the affinity of a thread of this process; 0 is the caller's own.
func affinityOf(thread int) (mask affinity, err error) {
	err = unix.SchedGetaffinity(thread, &mask)
	return mask, err
}

// within reports whether a mask has only processors of another one.
func within(mask, other affinity) bool {
	for i := range mask {
		if mask[i]&^other[i] != 0 {
			return false
		}
	}
	return true
}

// union returns the processors of two masks.
func union(a, b affinity) affinity {
	for i := range a {
		a[i] |= b[i]
	}
	return a
}

// threadID returns the id of the thread on which the caller runs.
func threadID() (int, error) { return unix.Gettid(), nil }

// threadIDs returns the ids of this process's threads.
func threadIDs() ([]int, error) {
	entries, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return nil, fmt.Errorf("listing the threads: %w", err)
	}
	var ids []int
	for _, e := range entries {
		id, err := strconv.Atoi(e.Name())
		if err != nil {
			return nil, fmt.Errorf("listing the threads: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, nil
}
