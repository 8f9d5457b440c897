// Package linearizable checks with porcupine that a history is linearizable: some order
// of its calls must explain what they returned.
//
// Source: Herlihy and Wing, Linearizability: A Correctness Condition for Concurrent
// Objects, ACM TOPLAS 12(3), 1990; github.com/anishathalye/porcupine.
package linearizable

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/history"
)

const (
	// checkTime limits the search for an order. This also limits its memory: the search
	// keeps every state that it has visited, a few hundred bytes each.
	checkTime = 2 * time.Second
	// shortenTime limits the search for a shorter history that fails too.
	shortenTime = 5 * time.Second
)

// Violation is a history that no order of its calls explains, shortened as far as
// possible.
type Violation struct {
	Calls []string // in the order of their starts
	Of    int      // calls in the history that it is part of
	page  []byte
}

func (v *Violation) Error() string {
	return fmt.Sprintf("not linearizable: no order of these %d calls (of %d recorded) explains what they returned\n%s",
		len(v.Calls), v.Of, strings.Join(v.Calls, "\n"))
}

// Evidence returns porcupine's visualization of the history.
func (v *Violation) Evidence() map[string][]byte { return map[string][]byte{"history.html": v.page} }

// Check returns nil if some order of the calls explains what each returned. In that
// order, a call that ended before another started comes first. Otherwise the error is a
// Violation, or wraps harness.ErrUnknown if the search took too long.
func (m Model[S, I, O]) Check(calls []history.Call[I, O]) error {
	for _, part := range m.byKey(calls) {
		switch m.search(part, checkTime) {
		case porcupine.Unknown:
			return fmt.Errorf("checking %d calls: no order found or ruled out within %v: %w",
				len(part), checkTime, harness.ErrUnknown)
		case porcupine.Illegal:
			return m.violation(part, len(calls))
		}
	}
	return nil
}

func (m Model[S, I, O]) search(calls []history.Call[I, O], limit time.Duration) porcupine.CheckResult {
	return porcupine.CheckOperationsTimeout(m.checker(), operations(calls), limit)
}

// violation shortens a history that failed, of a recorded history of that many calls.
func (m Model[S, I, O]) violation(calls []history.Call[I, O], of int) *Violation {
	calls = m.shorten(calls)
	v := &Violation{Of: of}
	for _, c := range calls {
		v.Calls = append(v.Calls, fmt.Sprintf("client %d, %d to %d: %s", c.Client, c.Begin, c.End, m.Describe(c.In, c.Out)))
	}
	_, info := porcupine.CheckOperationsVerbose(m.checker(), operations(calls), checkTime)
	var page bytes.Buffer
	if err := porcupine.Visualize(m.checker(), info, &page); err != nil {
		page.WriteString(err.Error())
	}
	v.page = page.Bytes()
	return v
}

// shorten returns a part of a failing history that fails for the same reason. It only
// removes calls whose absence cannot make a legal history illegal: a suffix and reads. It
// keeps calls that are pending at the cut as pending.
func (m Model[S, I, O]) shorten(calls []history.Call[I, O]) []history.Call[I, O] {
	deadline := time.Now().Add(shortenTime)
	fails := func(part []history.Call[I, O]) bool {
		left := time.Until(deadline)
		return left > 0 && m.search(part, min(left, checkTime)) == porcupine.Illegal
	}
	calls = slices.Clone(calls)
	slices.SortFunc(calls, func(a, b history.Call[I, O]) int { return int(a.Begin - b.Begin) })

	ends := make([]int64, len(calls))
	for i, c := range calls {
		ends[i] = c.End
	}
	slices.Sort(ends)
	// Every prefix of a linearizable history is linearizable, so binary search finds the
	// shortest failing prefix.
	low, high := 0, len(ends)-1
	for low < high {
		middle := (low + high) / 2
		if fails(until(calls, ends[middle])) {
			high = middle
		} else {
			low = middle + 1
		}
	}
	if cut := until(calls, ends[low]); fails(cut) {
		calls = cut
	}
	for i := len(calls) - 1; i >= 0; i-- {
		if !m.Reads(calls[i].In, calls[i].Out) {
			continue
		}
		if without := slices.Delete(slices.Clone(calls), i, i+1); fails(without) {
			calls = without
		}
	}
	return calls
}

// until returns the prefix of a history up to an instant. Calls that are pending then
// have an unknown result.
func until[I, O any](calls []history.Call[I, O], at int64) []history.Call[I, O] {
	var known []history.Call[I, O]
	for _, c := range calls {
		if c.Begin > at {
			continue
		}
		if c.End > at {
			c.Out = nil
		}
		known = append(known, c)
	}
	last := at
	for i := range known {
		if known[i].Out == nil { // it may end at any later time
			last++
			known[i].End = last
		}
	}
	return known
}
