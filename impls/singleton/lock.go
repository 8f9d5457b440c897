package singleton

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Mutex takes a lock for every Get.
//
// Source: Gamma, Helm, Johnson and Vlissides, Design Patterns, 1994, Singleton, with a
// lock around Instance.
// Progress: blocking; waiters sleep. After an error or a panic the next Get tries again.
// Space: a mutex and a pointer. Ordering: that of the mutex.
// Wins: it is the simplest correct implementation. Loses: readers of a finished value
// still wait for each other.
//
// NewMutex makes it; it must not be copied.
type Mutex[T any] struct {
	mu    sync.Mutex
	build func() (*T, error)
	value *T
}

// NewMutex returns a singleton that is not built.
func NewMutex[T any](build func() (*T, error)) *Mutex[T] { return &Mutex[T]{build: either(build)} }

// Get builds the value if there is none.
func (s *Mutex[T]) Get() (value *T, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.value == nil {
		s.value, err = s.build()
	}
	return s.value, err
}

// DoubleChecked looks at the value before it takes the lock, and again under the lock.
//
// Source: Schmidt and Harrison, Double-Checked Locking, Pattern Languages of Program
// Design 3, 1997; with the atomic load that Bacon et al., The "Double-Checked Locking is
// Broken" Declaration, 2000, ask for.
// Progress: a read of a finished value is wait-free; a build blocks, and its waiters
// sleep. After an error or a panic the next Get tries again.
// Space: a mutex and a pointer.
// Ordering: the store of the pointer synchronizes before the load that sees it.
// Wins: a read is one load and one comparison. Loses: only in lines of code.
//
// NewDoubleChecked makes it; it must not be copied.
type DoubleChecked[T any] struct {
	mu    sync.Mutex
	build func() (*T, error)
	value atomic.Pointer[T]
}

// NewDoubleChecked returns a singleton that is not built.
func NewDoubleChecked[T any](build func() (*T, error)) *DoubleChecked[T] {
	return &DoubleChecked[T]{build: either(build)}
}

// Get builds the value if there is none.
func (s *DoubleChecked[T]) Get() (*T, error) {
	if value := s.value.Load(); value != nil {
		return value, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if value := s.value.Load(); value != nil {
		return value, nil
	}
	value, err := s.build()
	if err != nil {
		return nil, err
	}
	s.value.Store(value)
	return value, nil
}

// CASPublish lets every caller build. The first to finish publishes its value, and the
// others drop theirs.
//
// Source: Herlihy and Shavit, The Art of Multiprocessor Programming, 2008, §5.8:
// compare-and-swap decides.
// Progress: lock-free; a preempted builder delays no other. The initializer can run once
// for each caller. After an error or a panic the next Get tries again.
// Space: a pointer, and a value for each caller that builds.
// Ordering: the swap of the pointer synchronizes before the load that sees it.
// Wins: the initializer is cheap. Loses: the initializer is expensive or has side
// effects.
//
// NewCASPublish makes it; it must not be copied.
type CASPublish[T any] struct {
	build func() (*T, error)
	value atomic.Pointer[T]
}

// NewCASPublish returns a singleton that is not built.
func NewCASPublish[T any](build func() (*T, error)) *CASPublish[T] {
	return &CASPublish[T]{build: either(build)}
}

// Get returns the published value. If there is none, it builds one and tries to publish
// it.
func (s *CASPublish[T]) Get() (*T, error) {
	if value := s.value.Load(); value != nil {
		return value, nil
	}
	value, err := s.build()
	if err != nil {
		return nil, err
	}
	s.value.CompareAndSwap(nil, value)
	return s.value.Load(), nil
}

// Channel keeps the value in a channel of capacity one. A caller that has received it has
// the right to build it.
//
// Source: Hoare, Communicating Sequential Processes, Communications of the ACM 21(8),
// 1978, §5.
// Progress: blocking; waiters sleep, in order of arrival. After an error or a panic the
// next Get tries again.
// Space: a channel. Ordering: that of the channel.
// Wins: never. Loses: every Get receives and sends.
//
// NewChannel makes it.
type Channel[T any] struct {
	build func() (*T, error)
	slot  chan *T // holds the value, nil before it is built
}

// NewChannel returns a singleton that is not built.
func NewChannel[T any](build func() (*T, error)) *Channel[T] {
	s := &Channel[T]{either(build), make(chan *T, 1)}
	s.slot <- nil
	return s
}

// Get takes the slot, builds the value if it is empty, and puts it back.
func (s *Channel[T]) Get() (value *T, err error) {
	value = <-s.slot
	defer func() { s.slot <- value }()
	if value != nil {
		return value, nil
	}
	built, err := s.build()
	if err != nil {
		return nil, err
	}
	value = built
	return value, nil
}

// Spin lets one caller build while the others spin.
//
// Source: Rudolph and Segall, Dynamic Decentralized Cache Schemes for MIMD Parallel
// Processors, ISCA 1984, §5, around an initializer.
// Progress: a read of a finished value is wait-free; a build blocks, and its waiters spin
// and yield. After an error or a panic the next Get tries again.
// Space: a flag and a pointer.
// Ordering: the store of the pointer synchronizes before the load that sees it.
// Wins: the initializer takes less time than putting a waiter to sleep. Loses: during a
// long build, each waiter burns a processor.
//
// NewSpin makes it; it must not be copied.
type Spin[T any] struct {
	build func() (*T, error)
	busy  atomic.Bool
	value atomic.Pointer[T]
}

// NewSpin returns a singleton that is not built.
func NewSpin[T any](build func() (*T, error)) *Spin[T] { return &Spin[T]{build: either(build)} }

// Get waits for the value, or builds it if no other caller does.
func (s *Spin[T]) Get() (*T, error) {
	var wait cpu.Spinner
	for {
		if value := s.value.Load(); value != nil {
			return value, nil
		}
		if !s.busy.Load() && s.busy.CompareAndSwap(false, true) {
			return s.fill()
		}
		wait.Turn()
	}
}

// fill builds the value under the flag, unless another caller built it before the flag
// was raised.
func (s *Spin[T]) fill() (*T, error) {
	defer s.busy.Store(false)
	if value := s.value.Load(); value != nil {
		return value, nil
	}
	value, err := s.build()
	if err != nil {
		return nil, err
	}
	s.value.Store(value)
	return value, nil
}
