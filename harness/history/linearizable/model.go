package linearizable

import (
	"fmt"

	"github.com/anishathalye/porcupine"

	"github.com/contendbench/contend/harness/history"
)

// Model is the sequential specification of an object. S is its state, I a call, and O the
// result of a call.
type Model[S, I, O any] struct {
	Init func() S
	// Step applies a call to a state, which it must not modify. It reports whether the
	// call may return out in that state, and returns the next state. A call that was cut
	// off has a nil out, and may return anything.
	Step  func(state S, in I, out *O) (bool, S)
	Equal func(a, b S) bool
	// Key returns the part of the object that a call concerns, if calls of different keys
	// are independent. nil: all calls concern the whole object.
	Key func(in I) int
	// Reads reports whether a call changes nothing in any state. out is nil as for Step.
	Reads func(in I, out *O) bool
	// Describe returns a call with its result as text, such as enqueue(7) → full.
	Describe func(in I, out *O) string
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

// byKey splits a history into parts that can be checked separately.
func (m Model[S, I, O]) byKey(calls []history.Call[I, O]) [][]history.Call[I, O] {
	if m.Key == nil {
		return [][]history.Call[I, O]{calls}
	}
	var parts [][]history.Call[I, O]
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

func operations[I, O any](calls []history.Call[I, O]) []porcupine.Operation {
	ops := make([]porcupine.Operation, len(calls))
	for i, c := range calls {
		ops[i] = porcupine.Operation{ClientId: c.Client, Input: c.In, Output: c.Out, Call: c.Begin, Return: c.End}
	}
	return ops
}
