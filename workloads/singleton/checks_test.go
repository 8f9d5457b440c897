package singleton

import (
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	singles "github.com/contendbench/contend/impls/singleton"
)

func liar(newSingle New, promises ...impls.Promise) harness.Suite {
	return Suite(impls.New("liar", impls.Mutex, "here", newSingle, promises...))
}

// stale is a singleton that returns its first error in place of the second one.
type stale struct {
	mu     sync.Mutex
	build  func() (*Object, error)
	object *Object
	first  error
}

func (s *stale) Get() (*Object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.object != nil {
		return s.object, nil
	}
	object, err := s.build()
	if err == nil {
		s.object = object
		return object, nil
	}
	if s.first == nil {
		s.first = err
	}
	return nil, s.first
}

func TestFailingFindsStaleErrors(t *testing.T) {
	harness.Finds(t, liar(func(build func() (*Object, error)) singles.Singleton[Object] {
		return &stale{build: build}
	}, singles.RetriesErrors), "failing", "want that of a new run")
}

// early is a singleton whose waiters leave with an error before the initializer ends.
type early struct {
	mu    sync.Mutex
	build func() (*Object, error)
}

func (s *early) Get() (*Object, error) {
	if !s.mu.TryLock() {
		return nil, errors.New("busy")
	}
	defer s.mu.Unlock()
	return s.build()
}

func TestWakeFindsWaitersThatLeaveEarly(t *testing.T) {
	harness.Finds(t, liar(func(build func() (*Object, error)) singles.Singleton[Object] {
		return &early{build: build}
	}), "wake", "before the event")
}

// A singleton that its constructor builds has no waiter.
func TestWakeSkipsEagerOnes(t *testing.T) {
	eager := func(build func() (*Object, error)) singles.Singleton[Object] { return singles.NewEager(build) }
	lazy := func(build func() (*Object, error)) singles.Singleton[Object] { return singles.NewMutex(build) }
	if !builtEarly(eager) {
		t.Error("got no run of the initializer in the constructor of an eager one, want one")
	}
	if builtEarly(lazy) {
		t.Error("got a run of the initializer in the constructor of a lazy one, want none")
	}
}

func TestSleepsAreWithinTheirBounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	long := 0
	for range 1000 {
		d := anySleep(rng)
		if d < 10*time.Microsecond || d > 30*time.Millisecond {
			t.Fatalf("got a sleep of %v, want 10 µs to 30 ms", d)
		}
		if d > 2*time.Millisecond {
			long++
		}
	}
	if long < 200 {
		t.Errorf("got %d of 1000 sleeps above 2 ms, want at least 200", long)
	}
}
