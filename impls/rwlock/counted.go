package rwlock

import (
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/impls"
)

// CountedBRAVO is BRAVO that decides by counts, and so needs no clock: a place counts its readers, also those that have left, and a
// writer that ends the bias sees whether it was worth it.
//
// Source: Dice and Kogan 2019, with another policy: a writer gives the bias back if enough readers used it since the last
// writer, and a reader does when its place has seen many that found no bias.
// Progress: that of sync.RWMutex below it. A writer looks for a moment whether the readers have left, and then sleeps.
// Space: a line of 128 bytes for each of four places a processor.
// Ordering: a reader counts itself and then looks at the bias; a writer ends the bias and then looks at the counts.
// Wins with many readers and rare writers, and gives little away elsewhere: a reader that finds no bias counts that.
// Make one with NewCountedBRAVO. It must not be copied.
type CountedBRAVO struct {
	under   sync.RWMutex
	_       [cacheLine - 24]byte
	biased  atomic.Bool
	readers drain
	worth   bool   // to bias again when the writer leaves; the writer's own
	came    uint64 // readers that used the bias, up to the last writer; writers' own
	places  []countedPlace
}

type countedPlace struct {
	readers atomic.Uint64 // inside, and above the half word all that ever came
	missed  atomic.Uint64 // found no bias
	_       [cacheLine - 16]byte
}

const (
	arrival = 1<<32 + 1
	inside  = 1<<32 - 1

	worthIt  = 32  // readers between two writers, from which on a bias pays for its end
	manyMiss = 256 // readers at a place without a bias, until it is tried again
)

// NewCountedBRAVO returns an unlocked lock with its bias on.
func NewCountedBRAVO() *CountedBRAVO {
	l := &CountedBRAVO{readers: newDrain(), places: make([]countedPlace, impls.Places())}
	l.biased.Store(true)
	return l
}

// RLock counts itself at a place if the lock is biased to readers, or takes the lock below.
func (l *CountedBRAVO) RLock() Token {
	p := &l.places[impls.Spread()&uint64(len(l.places)-1)]
	if l.biased.Load() {
		p.readers.Add(arrival)
		if l.biased.Load() {
			return p
		}
		l.leave(p)
	}
	l.under.RLock()
	if p.missed.Add(1)%manyMiss == 0 {
		l.biased.Store(true) // no writer is inside
	}
	return nil
}

// RUnlock leaves; misuse of the lock below ends the process.
func (l *CountedBRAVO) RUnlock(t Token) {
	if p, ok := t.(*countedPlace); ok {
		l.leave(p)
		return
	}
	l.under.RUnlock()
}

func (l *CountedBRAVO) leave(p *countedPlace) {
	p.readers.Add(^uint64(0))
	l.readers.leaves()
}

// Lock takes the lock below, and ends the bias.
func (l *CountedBRAVO) Lock() {
	l.under.Lock()
	if l.biased.Load() {
		l.revoke()
	}
}

// revoke ends the bias, waits for the readers that used it, and counts them.
func (l *CountedBRAVO) revoke() {
	l.biased.Store(false)
	came := uint64(0)
	for i := range l.places {
		p := &l.places[i]
		if p.readers.Load()&inside != 0 {
			l.readers.wait(func() bool { return p.readers.Load()&inside == 0 })
		}
		came += p.readers.Load() >> 32
	}
	l.worth = came-l.came >= worthIt
	l.came = came
}

// Unlock gives the bias back if it was worth it, and frees the lock below; misuse ends the process.
func (l *CountedBRAVO) Unlock() {
	if l.worth {
		l.worth = false
		l.biased.Store(true)
	}
	l.under.Unlock()
}
