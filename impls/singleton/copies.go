package singleton

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Copies is DoubleChecked with many replicas of the pointer. A reader looks at a replica
// near itself.
//
// Source: this project; replicas for readers as in Hsieh and Weihl, Scalable
// Reader-Writer Locks for Parallel Systems, IPPS 1992.
// Progress: as DoubleChecked. After an error or a panic the next Get tries again.
// Space: four replicas for each processor, each in its own line.
// Ordering: as DoubleChecked, for each replica.
// Wins: never. A word that is never written is already cached on every core. Loses:
// choosing the replica costs more than the load.
//
// NewCopies makes it; it must not be copied.
type Copies[T any] struct {
	DoubleChecked[T]
	replicas []replica[T]
}

type replica[T any] struct {
	value atomic.Pointer[T]
	_     [cpu.Line - 8]byte // one replica a line
}

// NewCopies returns a singleton that is not built.
func NewCopies[T any](build func() (*T, error)) *Copies[T] {
	return &Copies[T]{DoubleChecked[T]{build: either(build)}, make([]replica[T], cpu.Places())}
}

// Get returns the pointer of one replica, and fills that replica first if it is empty.
func (s *Copies[T]) Get() (*T, error) {
	near := &s.replicas[cpu.Spread()&uint64(len(s.replicas)-1)]
	if value := near.value.Load(); value != nil {
		return value, nil
	}
	value, err := s.DoubleChecked.Get()
	if err != nil {
		return nil, err
	}
	near.value.Store(value)
	return value, nil
}
