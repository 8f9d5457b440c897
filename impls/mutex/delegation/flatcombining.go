package delegation

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
	"github.com/contendbench/contend/impls/mutex"
)

// FlatCombining is a lock whose holder, the combiner, runs all sections that goroutines
// have published, while the data stays in its cache.
//
// Source: Hendler, Incze, Shavit and Tzafrir, Flat Combining and the
// Synchronization-Parallelism Tradeoff, SPAA 2010, §2. Here a record is published for one
// section and the combiner takes the whole list, in place of records that stay and age.
// Progress: the next pass of a combiner runs every published section. Waits by a
// cpu.Spinner.
// Space: two cache lines. A goroutine in Do uses a pooled record of a cache line.
// Ordering: the store to done synchronizes before the load that sees it.
// Wins where sections are short and touch the same data on many processors, because the
// data does not move. Loses with one or two goroutines, which gain nothing from a
// published record.
// The zero value is ready. A FlatCombining must not be copied after first use.
type FlatCombining struct {
	published atomic.Pointer[record]
	_         [cpu.Line - 8]byte
	combiner  mutex.TTAS
	_         [cpu.Line - 4]byte
}

type record struct {
	section func()
	next    *record
	done    atomic.Bool
	_       [cpu.Line - 20]byte
}

var records = sync.Pool{New: func() any { return new(record) }}

// passes is how many times a combiner looks for more sections before it leaves.
const passes = 4

// Do publishes section and returns after a combiner, perhaps this goroutine, has run it.
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
	var s cpu.Spinner
	for !r.done.Load() {
		if l.combiner.TryLock() {
			for range passes {
				l.combine()
			}
			l.combiner.Unlock()
			continue
		}
		s.Turn()
	}
	r.section = nil
	records.Put(r)
}

// combine runs all published sections.
func (l *FlatCombining) combine() {
	for r := l.published.Swap(nil); r != nil; {
		next := r.next // done gives the record back to its publisher
		r.section()
		r.done.Store(true)
		r = next
	}
}
