package load

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
)

// A Watched context counts the functions that wait for its end, and has an error of its
// own.
type Watched struct {
	context.Context
	watchers atomic.Int64
}

// NewWatched makes a context that ends with its parent.
func NewWatched(parent context.Context) *Watched { return &Watched{Context: parent} }

var errOwn = errors.New("the error of a context that is not of package context")

// Err returns an error of its own if the context has ended.
func (w *Watched) Err() error {
	if w.Context.Err() != nil {
		return errOwn
	}
	return nil
}

// Value hides the context inside, so that package context calls AfterFunc.
func (w *Watched) Value(any) any { return nil }

// AfterFunc is what package context calls to wait for the end of a context of a foreign
// type.
func (w *Watched) AfterFunc(f func()) (stop func() bool) {
	w.watchers.Add(1)
	end := context.AfterFunc(w.Context, func() {
		w.watchers.Add(-1)
		f()
	})
	return func() bool {
		stopped := end()
		if stopped {
			w.watchers.Add(-1)
		}
		return stopped
	}
}

// Watchers returns how many functions wait for its end.
func (w *Watched) Watchers() int { return int(w.watchers.Load()) }

// Objects returns the number of reachable objects on the heap. What was in a sync.Pool
// stays for one collection more.
func Objects() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapObjects
}
