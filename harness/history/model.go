package history

import (
	"fmt"

	"github.com/anishathalye/porcupine"
)

// Model is an object as it would be if calls came one after the other: S is its state, I a call, O what a call returns.
type Model[S, I, O any] struct {
	Init func() S
	// Step applies a call to a state, which it must not change. It reports whether the call may return out there, and the state
	// after it. out is nil for a call that was cut off, of which nobody knows what it returned: it may return anything.
	Step  func(state S, in I, out *O) (bool, S)
	Equal func(a, b S) bool
	// Key is the part of the object that a call concerns, if calls of different keys have nothing to do with each other; nil: all concern the whole.
	Key func(in I) int
	// Reads reports that a call changes nothing in any state. out is nil as for Step.
	Reads func(in I, out *O) bool
	// Describe names a call and its result, as enqueue(7) → full.
	Describe func(in I, out *O) string
}

// Call is one line of a history.
type Call[I, O any] struct {
	Client     int
	In         I
	Out        *O // nil: cut off
	Begin, End int64
}

// checker returns the model in porcupine's terms, for the calls of one key.
func (m Model[S, I, O]) checker() porcupine.Model {
	return porcupine.Model{
		Init: func() any { return m.Init() },
		Step: func(state, in, out any) (bool, any) {
			ok, next := m.Step(state.(S), in.(I), out.(*O))
			return ok, next
		},
		Equal:             func(a, b any) bool { return m.Equal(a.(S), b.(S)) },
		DescribeOperation: func(in, out any) string { return m.Describe(in.(I), out.(*O)) },
		DescribeState:     func(state any) string { return fmt.Sprint(state) },
	}
}

// byKey splits a history into parts that can be judged alone.
func (m Model[S, I, O]) byKey(calls []Call[I, O]) [][]Call[I, O] {
	if m.Key == nil {
		return [][]Call[I, O]{calls}
	}
	var parts [][]Call[I, O]
	index := map[int]int{}
	for _, c := range calls {
		i, ok := index[m.Key(c.In)]
		if !ok {
			i = len(parts)
			index[m.Key(c.In)] = i
			parts = append(parts, nil)
		}
		parts[i] = append(parts[i], c)
	}
	return parts
}

func operations[I, O any](calls []Call[I, O]) []porcupine.Operation {
	ops := make([]porcupine.Operation, len(calls))
	for i, c := range calls {
		ops[i] = porcupine.Operation{ClientId: c.Client, Input: c.In, Output: c.Out, Call: c.Begin, Return: c.End}
	}
	return ops
}
