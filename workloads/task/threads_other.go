//go:build !linux

package task

import "errors"

// errNoThreads is why the checks of threads do not run here.
var errNoThreads = errors.New("only Linux tells which threads a process has")

// affinity is the processors on which a thread may run.
type affinity struct{}

// Count returns the number of processors.
func (affinity) Count() int { return 0 }

func affinityOf(int) (affinity, error) { return affinity{}, errNoThreads }

func within(affinity, affinity) bool { return false }

func union(affinity, affinity) affinity { return affinity{} }

func threadID() (int, error) { return 0, errNoThreads }

func threadIDs() ([]int, error) { return nil, errNoThreads }
