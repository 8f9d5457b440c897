package set

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	sets "github.com/contendbench/contend/impls/lockfree/set"
)

// wrong is a set whose every eleventh Insert, or every eleventh Contains, returns the
// opposite of what it should.
type wrong struct {
	mu sync.Mutex
	sets.Set
	calls  int
	insert bool
}

func (s *wrong) lies() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	return s.calls%11 == 0
}

func (s *wrong) Insert(key int) bool { return s.Set.Insert(key) != (s.insert && s.lies()) }

func (s *wrong) Contains(key int) bool { return s.Set.Contains(key) != (!s.insert && s.lies()) }

func TestChecksSee(t *testing.T) {
	for _, c := range []struct {
		load, complaint string
		insert          bool
	}{
		{"mix", ", window", true},
		{"model", "no other call was in progress", true},
		{"model", "no other call was in progress", false},
		{"deep", ", window", true},
		{"deep", "was lost", false},
		{"lives", ", window", true},
		{"own", "no other worker changes", true},
		{"own", "no other worker changes", false},
		{"history", "not linearizable", true},
		{"history", "not linearizable", false},
	} {
		t.Run(c.load, func(t *testing.T) {
			create := func() sets.Set { return &wrong{Set: sets.NewCoarse(), insert: c.insert} }
			liar := impls.New("liar", impls.Mutex, "here", create, impls.Linearizable)
			harness.Finds(t, Suite(liar), c.load, c.complaint)
		})
	}
}

// Each load that is there for one kind of bug finds it.
func TestSeededBugsAreFoundByTheirLoad(t *testing.T) {
	implstest.RaceShowsFirst(t)
	for _, c := range []struct{ load, bug, complaint string }{
		{"model", "low-32-bits", "no other call was in progress"},
		{"lives", "low-32-bits", ""},
		{"model", "subtracts-keys", "no other call was in progress"},
		{"zero-value", "needs-constructor", "returned false"},
		{"model", "place-8bit", "no other call was in progress"},
		{"deep", "hash-16bit", ""},
	} {
		t.Run(c.load+"/"+c.bug, func(t *testing.T) { harness.Finds(t, only(All()[0], c.bug), c.load, c.complaint) })
	}
}

// A goroutine that looked for a key before its Insert may say later that it is missing.
func TestDeepFindsAStaleMiss(t *testing.T) {
	create := func() sets.Set { return &remembers{Set: sets.NewCoarse()} }
	harness.Finds(t, Suite(impls.New("liar", impls.Mutex, "here", create)), "deep", "after its Insert", "was lost")
}

// remembers is a set that keeps the last key which was missing. A Contains may note it
// after an Insert has cleared it.
type remembers struct {
	sets.Set
	missing atomic.Pointer[int]
}

func (s *remembers) Insert(key int) bool {
	added := s.Set.Insert(key)
	if missing := s.missing.Load(); missing != nil && *missing == key {
		s.missing.Store(nil)
	}
	return added
}

func (s *remembers) Contains(key int) bool {
	if missing := s.missing.Load(); missing != nil && *missing == key {
		return false
	}
	if s.Set.Contains(key) {
		return true
	}
	runtime.Gosched()
	s.missing.Store(&key)
	return false
}

// only is a suite with one of its implementations.
func only(s harness.Suite, name string) harness.Suite {
	card, _ := s.Card(name)
	s.Impls = []impls.Card{card}
	return s
}

// A window leaves its set as it was, so that a later one can continue with it.
func TestMixLeavesTheSetEmpty(t *testing.T) {
	s, net := sets.NewCoarse(), make([]atomic.Int64, 4)
	s.Insert(2)
	net[2].Store(1)
	if err := empty(s, net); err != nil {
		t.Fatal(err)
	}
	if s.Contains(2) {
		t.Error("got a set that contains 2 after the check, want an empty one")
	}
}
