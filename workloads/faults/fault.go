// Package faults disturbs servers, clients and network paths while a load runs.
//
// A Fault checks that it will hit, marks its start and its end on the window's timeline,
// and keeps both times. A window whose fault would hit nothing, or during which no other
// client was served, decides nothing: its error wraps harness.ErrUnknown. Neither does a
// violation decide anything that a client may have committed because its own process
// stalled; see Pulse and UnlessStalled.
package faults

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/contendbench/contend/harness"
)

// Fault is the fault of a window. Its methods are for the goroutine that injects it.
// Others may read its times once that goroutine is done.
type Fault struct {
	Started time.Time
	Ended   time.Time // zero: it lasts until the window's end

	line *harness.Timeline
}

// New prepares a fault that is marked on a timeline.
func New(line *harness.Timeline) *Fault { return &Fault{line: line} }

// Start calls check, marks the start and calls inject. An error of check ends it before
// the fault. It is an error of Misses if the fault would hit nothing.
func (f *Fault) Start(name string, check, inject func() error) error {
	if err := check(); err != nil {
		return err
	}
	f.Started = time.Now()
	f.line.Mark(name)
	return inject()
}

// End marks the end and calls undo. The fault has ended when undo has returned.
func (f *Fault) End(name string, undo func() error) error {
	f.line.Mark(name)
	err := undo()
	f.Ended = time.Now()
	return err
}

// Mark names this instant on the timeline.
func (f *Fault) Mark(name string) { f.line.Mark(name) }

// Misses is the error of a fault that would hit nothing. It wraps harness.ErrUnknown.
func Misses(format string, args ...any) error {
	return fmt.Errorf("%w: the fault would miss: %s", harness.ErrUnknown, fmt.Sprintf(format, args...))
}

// ErrBrokenOff says that a wait ended because a worker had failed the window. The
// worker's error is the reason.
var ErrBrokenOff = errors.New("the window was broken off")

// Unavailable returns the longest gap between two served calls that overlaps the fault.
// The lists are the times at which each client was served.
func (f *Fault) Unavailable(served ...[]time.Time) (longest time.Duration) {
	all := slices.Concat(served...)
	slices.SortFunc(all, time.Time.Compare)
	for i := range all[:max(len(all)-1, 0)] {
		from, to := all[i], all[i+1]
		if to.After(f.Started) && (f.Ended.IsZero() || from.Before(f.Ended)) {
			longest = max(longest, to.Sub(from))
		}
	}
	return longest
}
