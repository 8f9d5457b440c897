package rwlock

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/impls/rwlock/shared"
)

// liar is a lock that makes promises which it does not keep.
func liar(newLock locks.New, promises ...impls.Promise) harness.Suite {
	return Suite(impls.New("liar", impls.Mutex, "here", newLock, promises...))
}

func readerPreferring() locks.RWLocker { return locks.NewReaderPreferring() }

func writerPreferring() locks.RWLocker { return locks.NewWriterPreferring() }

func TestTogetherFindsReadersThatExclude(t *testing.T) {
	mutex := func() locks.RWLocker { return new(locks.Mutex) }
	harness.Finds(t, liar(mutex, locks.SharedReaders), "together", "not inside together")
}

func TestOrderFindsReadersThatPass(t *testing.T) {
	harness.Finds(t, liar(readerPreferring, locks.BlocksReaders), "order", "passed a writer")
	harness.Finds(t, liar(readerPreferring, locks.WriterPreference), "preference", "passed a waiting writer")
}

// sync.RWMutex blocks readers while a writer waits for readers, and lets them pass a
// writer that waits for another.
func TestPreferenceFindsReadersThatPassASecondWriter(t *testing.T) {
	for _, i := range locks.All() {
		if i.Has(locks.BlocksReaders) {
			t.Run(i.Name, func(t *testing.T) {
				harness.Finds(t, liar(i.New, locks.WriterPreference), "preference", "passed a waiting writer")
			})
		}
	}
}

// A lock of one word that promises to starve no waiter.
func TestStarveFindsStarvation(t *testing.T) {
	late := func() locks.RWLocker { return new(last) }
	harness.Finds(t, liar(late, impls.StarvationFree), "starve", "starved")
}

// last serves the goroutine that came last, and makes no difference between readers and
// writers.
type last struct {
	mu    sync.Mutex
	held  bool
	stack []chan struct{}
}

func (l *last) Lock() {
	l.mu.Lock()
	if !l.held {
		l.held = true
		l.mu.Unlock()
		return
	}
	wake := make(chan struct{})
	l.stack = append(l.stack, wake)
	l.mu.Unlock()
	<-wake
}

func (l *last) Unlock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	top := len(l.stack) - 1
	if top < 0 {
		l.held = false
		return
	}
	close(l.stack[top])
	l.stack = l.stack[:top]
}

func (l *last) RLock() locks.Token {
	l.Lock()
	return nil
}

func (l *last) RUnlock(locks.Token) { l.Unlock() }

// Among the waiters for a writer, readers go first in PhaseFair and writers in
// WriterPreferring.
func TestFIFOFindsBothOrders(t *testing.T) {
	phaseFair := func() locks.RWLocker { return new(locks.PhaseFair) }
	harness.Finds(t, liar(phaseFair, impls.FIFO), "fifo", "first in, first out")
	harness.Finds(t, liar(writerPreferring, impls.FIFO), "fifo", "first in, first out")
}

// Courtois, Heymans and Parnas 1971: readers of problem 1 starve a writer, and writers of
// problem 2 a reader.
func TestLoneWorkloadsFindStarvation(t *testing.T) {
	t.Run("writer", func(t *testing.T) {
		harness.Finds(t, liar(readerPreferring, impls.StarvationFree), "lone-writer", "starved")
	})
	t.Run("reader", func(t *testing.T) {
		harness.Finds(t, liar(writerPreferring, impls.StarvationFree), "lone-reader", "starved")
	})
	t.Run("late mark", func(t *testing.T) {
		bugs := locks.Broken()
		late := slices.IndexFunc(bugs, func(i impls.Impl[locks.New]) bool { return i.Name == "marks-late" })
		harness.Finds(t, Suite(bugs[late]), "lone-writer", "starved")
	})
}

// falseRecord is a record that promises more than it keeps.
func falseRecord(newRecord shared.New) harness.Suite {
	return OfRecords(impls.New("liar", impls.Mutex, "here", newRecord, shared.ReadersPass))
}

// careless is atomic only to satisfy the race detector: a writer changes a copy, and
// stores it word by word.
type careless struct{ words []atomic.Uint64 }

func (s *careless) Load(into []uint64) []uint64 {
	into = into[:len(s.words)]
	for i := range s.words {
		into[i] = s.words[i].Load()
	}
	return into
}

func (s *careless) Update(change func([]uint64)) {
	words := s.Load(make([]uint64, len(s.words)))
	change(words)
	for i := range words {
		s.words[i].Store(words[i])
	}
}

func TestSnapshotFindsNoLock(t *testing.T) {
	none := func(n int) shared.Shared { return &careless{make([]atomic.Uint64, n)} }
	harness.Finds(t, falseRecord(none), "snapshot", "")
}

func TestDuringFindsALock(t *testing.T) {
	sync := impls.New("sync", impls.Runtime, "here", func() locks.RWLocker { return new(locks.Sync) })
	guarded := shared.Guard([]impls.Impl[locks.New]{sync})[0]
	harness.Finds(t, falseRecord(guarded.New), "during", "while a writer was at work")
}

// stale answers every second load with what it answered before.
type stale struct {
	mu          sync.Mutex
	words, last []uint64
	loads       int
}

func (s *stale) Load([]uint64) []uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.loads++; s.loads%2 == 0 || s.last == nil {
		s.last = slices.Clone(s.words)
	}
	return s.last
}

func (s *stale) Update(change func([]uint64)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s.words)
}

// A worker that reads an older version than it wrote or read before got a stale one.
func TestSnapshotFindsStaleLoads(t *testing.T) {
	late := func(n int) shared.Shared { return &stale{words: make([]uint64, n)} }
	harness.Finds(t, falseRecord(late), "snapshot", "was read after")
}

// own hands out its words themselves.
type own struct{ stale }

func (s *own) Load([]uint64) []uint64 { return s.words }

func TestKeptFindsWordsThatChange(t *testing.T) {
	same := func(n int) shared.Shared { return &own{stale{words: make([]uint64, n)}} }
	harness.Finds(t, falseRecord(same), "kept", "has changed since")
}

func TestLooksSeeEveryWord(t *testing.T) {
	for _, size := range []int{2, 15, 16, 100, 1024} {
		for torn := range size {
			words, seen := make([]uint64, size), newWitness(size)
			words[torn]++
			found := false
			for range seen.stride {
				found = found || !seen.look(words)
			}
			if !found {
				t.Errorf("word %d of %d was changed: got no look that sees it, want one", torn, size)
			}
		}
	}
}
