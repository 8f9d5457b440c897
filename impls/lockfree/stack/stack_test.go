package stack_test

import (
	"testing"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/lockfree/stack"
)

func TestTable(t *testing.T) {
	if err := impls.Check(append(stack.All[int](), stack.Broken[int]()...)); err != nil {
		t.Error(err)
	}
}

func TestMakesThePromisesOfItsTwin(t *testing.T) {
	twins := map[string]impls.Impl[stack.New[int]]{}
	for _, i := range stack.All[int]() {
		twins[i.Name] = i
	}
	for _, bug := range stack.Broken[int]() {
		for _, p := range twins[bug.Twin].Promises {
			if !bug.Has(p) {
				t.Errorf("%s does not promise %s, as %s does", bug.Name, p, bug.Twin)
			}
		}
	}
}

// each runs a subtest for every stack that competes.
func each(t *testing.T, test func(*testing.T, impls.Impl[stack.New[int]])) {
	t.Helper()
	for _, i := range stack.All[int]() {
		if i.Role == impls.Contender {
			t.Run(i.Name, func(t *testing.T) { test(t, i) })
		}
	}
}

func TestLastInFirstOut(t *testing.T) {
	const n = 100
	each(t, func(t *testing.T, i impls.Impl[stack.New[int]]) {
		s := i.New(n)
		for range 3 { // slots are used again
			for v := range n {
				if !s.Push(v) {
					t.Fatalf("push of value %d of %d found it full", v+1, n)
				}
			}
			for v := n - 1; v >= 0; v-- {
				if got, ok := s.Pop(); !ok || got != v {
					t.Fatalf("popped %d %t, want %d", got, ok, v)
				}
			}
			if got, ok := s.Pop(); ok || got != 0 {
				t.Fatalf("popped %d %t from an empty stack", got, ok)
			}
		}
	})
}

// Those that promise a bound have the one that they were made with, and those that promise none have none.
func TestBound(t *testing.T) {
	const room = 5
	each(t, func(t *testing.T, i impls.Impl[stack.New[int]]) {
		s, pushed := i.New(room), 0
		for pushed < 4*room && s.Push(pushed) {
			pushed++
		}
		if i.Has(impls.Bounded) != (pushed == room) || i.Has(impls.Unbounded) != (pushed == 4*room) {
			t.Fatalf("%d values went in, with room for %d", pushed, room)
		}
		if _, ok := s.Pop(); !ok || !s.Push(pushed) {
			t.Error("a pop of a full stack made no room")
		}
	})
}
