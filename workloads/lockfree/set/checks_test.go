package set

import (
	"sync"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
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
