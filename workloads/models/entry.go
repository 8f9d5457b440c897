package models

import (
	"fmt"

	"github.com/contendbench/contend/harness/history/linearizable"
)

// Op is what a call to a map or a register does.
type Op string

// The operations, each with what it returns.
const (
	Load           Op = "load"             // the value, if there is one
	Store          Op = "store"            // nothing
	LoadOrStore    Op = "load-or-store"    // the value after the call, and whether it was there before
	Delete         Op = "delete"           // nothing
	LoadAndDelete  Op = "load-and-delete"  // the value, if there was one
	CompareAndSwap Op = "compare-and-swap" // whether it swapped
	Add            Op = "add"              // nothing
	AddAndLoad     Op = "add-and-load"     // the value after
	Reset          Op = "reset"            // the value before; it is 0 after
)

// Access is a call for the entry of a key. The key of a register is 0.
type Access struct {
	Op         Op
	Key        int
	Old, Value int // Value is stored or added; CompareAndSwap expects Old
}

func (a Access) String() string {
	switch a.Op {
	case Load, Delete, LoadAndDelete, Reset:
		return fmt.Sprintf("%s(%d)", a.Op, a.Key)
	case CompareAndSwap:
		return fmt.Sprintf("%s(%d: %d, %d)", a.Op, a.Key, a.Old, a.Value)
	}
	return fmt.Sprintf("%s(%d: %d)", a.Op, a.Key, a.Value)
}

// Map is a table of keys and values, empty at first.
func Map() linearizable.Model[Result, Access, Result] { return entries(Result{}) }

// Register is one value, 0 at first. A counter is a register that is only added to,
// loaded and reset.
func Register() linearizable.Model[Result, Access, Result] { return entries(Result{0, true}) }

func entries(initial Result) linearizable.Model[Result, Access, Result] {
	return linearizable.Model[Result, Access, Result]{
		Init: func() Result { return initial },
		Step: func(was Result, a Access, got *Result) (bool, Result) {
			want, next := a.apply(was)
			return fits(got, want), next
		},
		Equal: func(a, b Result) bool { return a == b },
		Key:   func(a Access) int { return a.Key },
		Reads: func(a Access, got *Result) bool {
			return a.Op == Load || a.Op == CompareAndSwap && got != nil && !got.OK
		},
		Describe: func(a Access, got *Result) string {
			if got != nil && (a.Op == Store || a.Op == Add || a.Op == Delete) {
				return a.String()
			}
			return arrow(a.String(), got)
		},
	}
}

// apply returns what the call must return, and the entry after it.
func (a Access) apply(was Result) (want, next Result) {
	switch a.Op {
	case Load:
		return was, was
	case LoadOrStore:
		if was.OK {
			return was, was
		}
		return Result{a.Value, false}, Result{a.Value, true}
	case Delete:
		return Result{}, Result{}
	case LoadAndDelete:
		return was, Result{}
	case CompareAndSwap:
		if was != (Result{a.Old, true}) {
			return Result{}, was
		}
		return Result{0, true}, Result{a.Value, true}
	case Add, AddAndLoad:
		sum := Result{was.Value + a.Value, true}
		if a.Op == Add {
			return Result{}, sum
		}
		return sum, sum
	case Reset:
		return was, Result{0, true}
	}
	return Result{}, Result{a.Value, true} // Store
}
