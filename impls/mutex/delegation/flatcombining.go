package delegation

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
	"github.com/contendbench/contend/impls/mutex"
)

// FlatCombining is a lock with a list of records that stay in it. A goroutine publishes
// its section in a record. The holder, the combiner, scans the list and runs every
// published section, while the data stays in its cache. Records that are not used for
// long leave the list.
//
// Source: Hendler, Incze, Shavit and Tzafrir, Flat Combining and the
// Synchronization-Parallelism Tradeoff, SPAA 2010, §2. Goroutines have no storage of
// their own, so they share the records through a sync.Pool.
// Progress: the next pass of a combiner runs every section that is published in the list.
// Waits by a cpu.Spinner.
// Space: three cache lines and a pool, and a record of a cache line for each goroutine
// that was in Do at the same time.
// Ordering: the store to pending synchronizes before the load that sees it, in both
// directions.
// Wins over Oyama where the same goroutines come again and again, because a publication
// writes only to their own record. Loses where they come rarely, because a pass reads
// every record.
// The zero value is ready. A FlatCombining must not be copied after first use.
type FlatCombining struct {
	list     atomic.Pointer[publication]
	_        [cpu.Line - 8]byte
	combiner mutex.TTAS
	_        [cpu.Line - 4]byte
	pass     uint64 // guarded by combiner
	records  sync.Pool
}

// publication is a record of the list.
type publication struct {
	section func()
	pending atomic.Bool // section is to be run
	listed  atomic.Bool // the record is in the list
	used    uint64      // the last pass that ran its section; guarded by combiner
	next    *publication
	_       [cpu.Line - 32]byte
}

const (
	// cleanEvery is the number of passes after which a combiner looks for unused records.
	cleanEvery = 256
	// unusedAfter is the number of passes after which a record leaves the list.
	unusedAfter = 1024
)

// Do publishes section and returns after a combiner, perhaps this goroutine, has run it.
func (l *FlatCombining) Do(section func()) {
	r, ok := l.records.Get().(*publication)
	if !ok {
		r = new(publication)
	}
	r.section = section
	r.pending.Store(true)
	var s cpu.Spinner
	for r.pending.Load() {
		if !r.listed.Load() {
			l.enlist(r)
		}
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
	l.records.Put(r)
}

// enlist puts a record at the head of the list.
func (l *FlatCombining) enlist(r *publication) {
	r.listed.Store(true)
	for {
		r.next = l.list.Load()
		if l.list.CompareAndSwap(r.next, r) {
			return
		}
	}
}

// combine runs all sections that are published in the list.
func (l *FlatCombining) combine() {
	l.pass++
	for r := l.list.Load(); r != nil; r = r.next {
		if r.pending.Load() {
			r.used = l.pass
			r.section()
			r.pending.Store(false)
		}
	}
	if l.pass%cleanEvery == 0 {
		l.clean()
	}
}

// clean takes records out of the list that were not used for long. The head stays, since
// others may be pushing in front of it.
func (l *FlatCombining) clean() {
	before := l.list.Load()
	if before == nil {
		return
	}
	for r := before.next; r != nil; {
		next := r.next
		if l.pass-r.used > unusedAfter && !r.pending.Load() {
			before.next = next
			r.listed.Store(false) // its owner enlists it again when it needs it
		} else {
			before = r
		}
		r = next
	}
}
