package mutex

import (
	"sync"
	"sync/atomic"
)

// FlatCombining is a delegation lock: goroutines publish their sections, and whoever gets the lock runs all that
// are published, while the data stays in its cache.
//
// Source: Hendler, Incze, Shavit and Tzafrir, Flat Combining and the Synchronization-Parallelism Tradeoff, SPAA 2010, §2.
// Here a record is published for one section and the combiner takes the whole list at once, in place of
// records that stay and age.
// Progress: a publisher is served by the next pass at the latest. Waits by a spinner.
// Space: two cache lines, a record of a cache line for a goroutine that waits, pooled.
// Ordering: the store to done synchronizes before the load that sees it.
// Wins where sections are short and touch the same data on many processors; loses with one or two.
// The zero value is ready. A FlatCombining must not be copied after first use.
type FlatCombining struct {
	published atomic.Pointer[record]
	_         [CacheLine - 8]byte
	combiner  TTAS
	_         [CacheLine - 4]byte
}

type record struct {
	section func()
	next    *record
	done    atomic.Bool
	_       [CacheLine - 20]byte
}

var records = sync.Pool{New: func() any { return new(record) }}

// passes is how many times a combiner looks for more before it leaves.
const passes = 4

// Do publishes section and waits until somebody has run it, or runs it with all others.
func (l *FlatCombining) Do(section func()) {
	r := records.Get().(*record)
	r.section = section
	r.done.Store(false)
	for {
		r.next = l.published.Load()
		if l.published.CompareAndSwap(r.next, r) {
			break
		}
	}
	var s spinner
	for !r.done.Load() {
		if l.combiner.TryLock() {
			for range passes {
				l.combine()
			}
			l.combiner.Unlock()
			continue
		}
		s.turn()
	}
	r.section = nil
	records.Put(r)
}

// combine runs all sections that are published.
func (l *FlatCombining) combine() {
	for r := l.published.Swap(nil); r != nil; {
		next := r.next // the record is its owner's again once it is done
		r.section()
		r.done.Store(true)
		r = next
	}
}

// Owner is a delegation lock with a goroutine of its own, which runs the sections that come in by a channel:
// share memory by communicating.
//
// Source: Hoare, Communicating Sequential Processes, CACM 21(8), 1978, §5.
// Progress: first come, first served.
// Space: a goroutine and a channel, and a channel for a goroutine that waits, pooled.
// Ordering: that of channels.
// Wins where the section must run on one goroutine; loses in time, at two hand-overs a section.
// Make one with NewOwner, which starts the goroutine; Close ends it. Do after Close panics.
type Owner struct {
	sections chan request
	ended    chan struct{}
}

type request struct {
	section func()
	done    chan struct{}
}

// NewOwner starts the owner's goroutine.
func NewOwner() *Owner {
	l := &Owner{make(chan request), make(chan struct{})}
	go func() {
		defer close(l.ended)
		for r := range l.sections {
			r.section()
			r.done <- struct{}{}
		}
	}()
	return l
}

var replies = sync.Pool{New: func() any { return make(chan struct{}, 1) }}

// Do hands section to the owner and waits until it has run.
func (l *Owner) Do(section func()) {
	done := replies.Get().(chan struct{})
	l.sections <- request{section, done}
	<-done
	replies.Put(done)
}

// Close waits for the section under way and ends the goroutine. It returns nil.
func (l *Owner) Close() error {
	close(l.sections)
	<-l.ended
	return nil
}
