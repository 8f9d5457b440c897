package stack_test

import (
	"testing"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/impls/lockfree/stack"
)

type ofInts = impls.Impl[stack.New[int]]

func TestTables(t *testing.T) {
	implstest.Tables(t, stack.All[int](), stack.Broken[int](), "broken.go")
	implstest.Tables(t, stack.All[any](), stack.BrokenOfValues(), "broken.go")
}

func TestMakesThePromisesOfItsTwin(t *testing.T) {
	twins := map[string]ofInts{}
	for _, i := range stack.All[int]() {
		twins[i.Name] = i
	}
	for _, bug := range stack.Broken[int]() {
		for _, p := range twins[bug.Flaw.Twin].Promises {
			if !bug.Has(p) {
				t.Errorf("%s: got promises %v, want %s too, as of %s", bug.Name, bug.Promises, p, bug.Flaw.Twin)
			}
		}
	}
}

func TestLastInFirstOut(t *testing.T) {
	const n = 100
	implstest.Each(t, stack.All[int](), func(t *testing.T, i ofInts) {
		s := i.New(n)
		for range 3 { // slots are reused
			for v := range n {
				if !s.Push(v) {
					t.Fatalf("got Push = false at value %d, want room for %d", v+1, n)
				}
			}
			for v := n - 1; v >= 0; v-- {
				if got, ok := s.Pop(); !ok || got != v {
					t.Fatalf("got Pop() = %d, %t, want %d, true", got, ok, v)
				}
			}
			if got, ok := s.Pop(); ok || got != 0 {
				t.Fatalf("got Pop() = %d, %t, want 0, false: it is empty", got, ok)
			}
		}
	})
}

// A bounded stack has exactly the room that it was made with, and an unbounded one has
// more.
func TestBound(t *testing.T) {
	const room = 5
	implstest.Each(t, stack.All[int](), func(t *testing.T, i ofInts) {
		s, pushed := i.New(room), 0
		for pushed < 4*room && s.Push(pushed) {
			pushed++
		}
		if i.Has(impls.Bounded) != (pushed == room) || i.Has(impls.Unbounded) != (pushed == 4*room) {
			t.Fatalf("got room for %d values, want %d if bounded and more if unbounded: %v", pushed, room, i.Promises)
		}
		_, popped := s.Pop()
		if again := s.Push(pushed); !popped || !again {
			t.Errorf("got Pop %t and then Push %t, want true and true", popped, again)
		}
	})
}
