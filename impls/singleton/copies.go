package singleton

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls"
)

const cacheLine = 128 // two lines of 64: processors fetch the next one, too

// Copies is DoubleChecked with a copy of the pointer in many places, of which a reader looks at one near itself.
//
// Source: this project; replicas for readers, as in Hsieh and Weihl, Scalable Reader-Writer Locks for Parallel Systems, IPPS 1992.
// After an error or a panic the next Get tries again.
// Space: a line of 128 bytes for each of four places a processor.
// Ordering: as DoubleChecked, in every place.
// Wins nowhere, which is what it shows: a word that nobody writes is in the cache of every processor anyhow, and to find the place
// costs more than the load.
//
// NewCopies makes it.
type Copies[T any] struct {
	DoubleChecked[T]
	places []replica[T]
}

type replica[T any] struct {
	value atomic.Pointer[T]
	_     [cacheLine - 8]byte // a place of its own line
}

// NewCopies returns a singleton that is not built.
func NewCopies[T any](build func() (*T, error)) *Copies[T] {
	return &Copies[T]{DoubleChecked[T]{build: build}, make([]replica[T], impls.Places())}
}

// Get returns the copy of a place, and fills it first if it is empty.
func (s *Copies[T]) Get() (*T, error) {
	place := &s.places[impls.Spread()&uint64(len(s.places)-1)]
	if value := place.value.Load(); value != nil {
		return value, nil
	}
	value, err := s.DoubleChecked.Get()
	if err != nil {
		return nil, err
	}
	place.value.Store(value)
	return value, nil
}
