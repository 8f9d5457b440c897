package singleton

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Mutex takes a lock for every Get.
//
// Source: Gamma, Helm, Johnson and Vlissides, Design Patterns, 1994, Singleton, with a lock around Instance.
// After an error or a panic the next Get tries again.
// Wins never against DoubleChecked; it is the least that is right.
type Mutex[T any] struct {
	mu    sync.Mutex
	build func() (*T, error)
	value *T
}

// NewMutex returns a singleton that is not built.
func NewMutex[T any](build func() (*T, error)) *Mutex[T] { return &Mutex[T]{build: build} }

// Get builds the value if there is none.
func (s *Mutex[T]) Get() (value *T, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.value == nil {
		s.value, err = s.build()
	}
	return s.value, err
}

// DoubleChecked looks at the value before it takes the lock, and again under it.
//
// Source: Schmidt and Harrison, Double-Checked Locking, Pattern Languages of Program Design 3, 1997, with the atomic load that
// Bacon et al., The "Double-Checked Locking is Broken" Declaration, 2000, asks for.
// After an error or a panic the next Get tries again.
// Ordering: the store of the pointer synchronizes before the load that sees it.
// Wins in reads, a load and a comparison; loses nothing but lines.
type DoubleChecked[T any] struct {
	mu    sync.Mutex
	build func() (*T, error)
	value atomic.Pointer[T]
}

// NewDoubleChecked returns a singleton that is not built.
func NewDoubleChecked[T any](build func() (*T, error)) *DoubleChecked[T] {
	return &DoubleChecked[T]{build: build}
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

// CASPublish lets everybody build, and the first to finish publish; the others drop theirs.
//
// Source: Herlihy and Shavit, The Art of Multiprocessor Programming, 2008, §5.8: compare-and-swap decides.
// Progress: lock-free; a preempted builder holds nobody up. The initializer may run once for each caller.
// Wins when building is cheap; loses when it is dear or has effects outside.
type CASPublish[T any] struct {
	build func() (*T, error)
	value atomic.Pointer[T]
}

// NewCASPublish returns a singleton that is not built.
func NewCASPublish[T any](build func() (*T, error)) *CASPublish[T] {
	return &CASPublish[T]{build: build}
}

// Get returns the published value, or builds one and publishes it if no other is.
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

// Channel keeps the right to build in a channel of one.
//
// Source: Hoare, Communicating Sequential Processes, Communications of the ACM 21(8), 1978, §5.
// After an error or a panic the next Get tries again.
// Wins never; every Get receives and sends.
type Channel[T any] struct {
	build func() (*T, error)
	slot  chan *T // holds the value, nil before it is built
}

// NewChannel returns a singleton that is not built.
func NewChannel[T any](build func() (*T, error)) *Channel[T] {
	s := &Channel[T]{build, make(chan *T, 1)}
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

// Spin lets one build and the others look again and again.
//
// Source: Rudolph and Segall, Dynamic Decentralized Cache Schemes for MIMD Parallel Processors, ISCA 1984, §5, around an initializer.
// After an error or a panic the next Get tries again. Waits by spinning, then Gosched every 64 turns.
// Wins when building takes nanoseconds; burns a processor for each who waits when it takes longer.
type Spin[T any] struct {
	build func() (*T, error)
	busy  atomic.Bool
	value atomic.Pointer[T]
}

// NewSpin returns a singleton that is not built.
func NewSpin[T any](build func() (*T, error)) *Spin[T] { return &Spin[T]{build: build} }

// Get waits for the value, or builds it if nobody does.
func (s *Spin[T]) Get() (*T, error) {
	for turn := 1; ; turn++ {
		if value := s.value.Load(); value != nil {
			return value, nil
		}
		if !s.busy.Load() && s.busy.CompareAndSwap(false, true) {
			return s.fill()
		}
		if turn%64 == 0 {
			runtime.Gosched()
		}
	}
}

// fill builds the value under the flag, unless somebody did before the flag was raised.
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
