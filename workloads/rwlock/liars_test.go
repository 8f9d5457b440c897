package rwlock

import (
	"sync"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/rwlock"
)

// A counting lock is right in all but what its functions say.
type counting struct {
	mu      sync.Mutex
	changed sync.Cond
	readers int
	writes  bool
	waiting int // writers
	mask    int // of the count of readers
	passes  int // readers inside that let others pass a waiting writer; 0: never
}

func newCounting(bits, passes int) locks.New {
	return func() locks.RWLocker {
		l := &counting{mask: 1<<bits - 1, passes: passes}
		l.changed.L = &l.mu
		return l
	}
}

func (l *counting) RLock() locks.Token {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.writes || l.waiting > 0 && (l.passes == 0 || l.readers < l.passes) {
		l.changed.Wait()
	}
	l.readers = (l.readers + 1) & l.mask
	return nil
}

func (l *counting) RUnlock(locks.Token) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.readers = (l.readers - 1) & l.mask
	l.changed.Broadcast()
}

func (l *counting) Lock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting++
	for l.writes || l.readers > 0 {
		l.changed.Wait()
	}
	l.waiting--
	l.writes = true
}

func (l *counting) Unlock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.writes = false
	l.changed.Broadcast()
}

// Readers pass a waiting writer only once four or more are inside.
func TestOrderFindsReadersThatPassBesideOthers(t *testing.T) {
	passing := newCounting(32, 4)
	harness.Finds(t, liar(passing, locks.SharedReaders, locks.BlocksReaders), "order", "passed a writer")
	harness.Finds(t, liar(passing, locks.SharedReaders, locks.WriterPreference), "preference", "passed a waiting writer")
}

// Counts of readers of 11 and of 16 bits, and one that is right.
func TestCompanyFindsACountThatWraps(t *testing.T) {
	for _, bits := range []int{11, 16} {
		harness.Finds(t, liar(newCounting(bits, 0), locks.SharedReaders), "company", "beside")
	}
}

// A writer that has waited for 50 ms goes in beside readers.
func TestLongWaitFindsAWriterThatWaitsForNoReaderLong(t *testing.T) {
	newLock := newCounting(32, 0)
	impatient := func() locks.RWLocker { return &impatient{newLock().(*counting)} }
	harness.Finds(t, liar(impatient, locks.SharedReaders), "long-wait", "before the event")
}

type impatient struct{ *counting }

func (l *impatient) Lock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	late := false
	defer time.AfterFunc(50*time.Millisecond, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		late = true
		l.changed.Broadcast()
	}).Stop()
	for l.writes || l.readers > 0 && !late {
		l.changed.Wait()
	}
	l.writes = true
}
