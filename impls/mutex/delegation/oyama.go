package delegation

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
	"github.com/contendbench/contend/impls/mutex"
)

// Oyama is a lock whose holder runs all sections that goroutines have pushed onto a list,
// while the data stays in its cache.
//
// Source: Oyama, Taura and Yonezawa, Executing Parallel Programs with Synchronization
// Bottlenecks Efficiently, PDSIA 1999, §3. A record is pushed for one section, and the
// holder detaches the whole list.
// Progress: the holder runs every pushed section, but a goroutine may fail to push its own
// as often as others push theirs. Waits by a cpu.Spinner.
// Space: two cache lines. A goroutine in Do uses a pooled record of a cache line.
// Ordering: the store to done synchronizes before the load that sees it.
// Wins where sections are short and touch the same data on many processors, because the
// data does not move. Loses with one or two goroutines, which gain nothing from a list.
// The zero value is ready. An Oyama must not be copied after first use.
type Oyama struct {
	pushed atomic.Pointer[record]
	_      [cpu.Line - 8]byte
	holder mutex.TTAS
	_      [cpu.Line - 4]byte
}

type record struct {
	section func()
	next    *record
	done    atomic.Bool
	_       [cpu.Line - 20]byte
}

var records = sync.Pool{New: func() any { return new(record) }}

// passes is how many times a holder looks for more sections before it leaves.
const passes = 4

// Do pushes section and returns after a holder, perhaps this goroutine, has run it.
func (l *Oyama) Do(section func()) {
	r := records.Get().(*record)
	r.section = section
	r.done.Store(false)
	for {
		r.next = l.pushed.Load()
		if l.pushed.CompareAndSwap(r.next, r) {
			break
		}
	}
	var s cpu.Spinner
	for !r.done.Load() {
		if l.holder.TryLock() {
			for range passes {
				l.runAll()
			}
			l.holder.Unlock()
			continue
		}
		s.Turn()
	}
	r.section = nil
	records.Put(r)
}

// runAll runs all pushed sections.
func (l *Oyama) runAll() {
	for r := l.pushed.Swap(nil); r != nil; {
		next := r.next // done gives the record back to its owner
		r.section()
		r.done.Store(true)
		r = next
	}
}
