package history

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/contendbench/contend/harness"
)

const (
	// checkTime bounds the search for an order. It takes the memory of the states that it has been in, a few hundred bytes each, so it is
	// bounded with its time.
	checkTime = 2 * time.Second
	// shortenTime bounds the search for a shorter history that fails too.
	shortenTime = 5 * time.Second
)

// Violation is a history that no order of its calls explains: the shortest that was found.
type Violation struct {
	Calls []string // in the order of their begins
	Of    int      // calls in the history that it was cut from
	page  []byte
}

func (v *Violation) Error() string {
	return fmt.Sprintf("not linearizable: no order of these %d calls (of %d recorded) explains what they returned\n%s",
		len(v.Calls), v.Of, strings.Join(v.Calls, "\n"))
}

// Evidence is porcupine's picture of the history.
func (v *Violation) Evidence() map[string][]byte { return map[string][]byte{"history.html": v.page} }

// Check returns nil if some order of the calls explains what each returned, in which a call that ended before another began
// comes first. Otherwise the error is a Violation, or harness.ErrUnknown if the search took too long.
func Check[S, I, O any](m Model[S, I, O], calls []Call[I, O]) error {
	for _, part := range m.byKey(calls) {
		switch m.search(part, checkTime) {
		case porcupine.Unknown:
			return fmt.Errorf("no order of %d calls was found or ruled out in %v: %w", len(part), checkTime, harness.ErrUnknown)
		case porcupine.Illegal:
			return m.violation(part, len(calls))
		}
	}
	return nil
}

func (m Model[S, I, O]) search(calls []Call[I, O], limit time.Duration) porcupine.CheckResult {
	return porcupine.CheckOperationsTimeout(m.checker(), operations(calls), limit)
}

func (m Model[S, I, O]) violation(calls []Call[I, O], of int) *Violation {
	calls = m.shorten(calls)
	v := &Violation{Of: of}
	for _, c := range calls {
		v.Calls = append(v.Calls, fmt.Sprintf("client %d, %d to %d: %s", c.Client, c.Begin, c.End, m.Describe(c.In, c.Out)))
	}
	_, info := porcupine.CheckOperationsVerbose(m.checker(), operations(calls), checkTime)
	var page bytes.Buffer
	if err := porcupine.Visualize(m.checker(), info, &page); err != nil { // writing into memory cannot fail; its template could
		page.WriteString(err.Error())
	}
	v.page = page.Bytes()
	return v
}

// shorten returns a part of a failing history that fails for the same reason. Only what can excuse nothing is left out: all that came
// after some instant, where calls under way then are cut off and may have had any effect; and calls that change nothing.
func (m Model[S, I, O]) shorten(calls []Call[I, O]) []Call[I, O] {
	deadline := time.Now().Add(shortenTime)
	fails := func(part []Call[I, O]) bool {
		left := time.Until(deadline)
		return left > 0 && m.search(part, min(left, checkTime)) == porcupine.Illegal
	}
	calls = slices.Clone(calls)
	slices.SortFunc(calls, func(a, b Call[I, O]) int { return int(a.Begin - b.Begin) })

	ends := make([]int64, len(calls))
	for i, c := range calls {
		ends[i] = c.End
	}
	slices.Sort(ends)
	// The beginnings that fail are those from some length on, because every beginning of a history that can be explained can be, too.
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

// until is the history as it was known at an instant.
func until[I, O any](calls []Call[I, O], at int64) []Call[I, O] {
	var known []Call[I, O]
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
		if known[i].Out == nil { // it may end at any time from now on
			last++
			known[i].End = last
		}
	}
	return known
}
