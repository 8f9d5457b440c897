package rwlock

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/results"
)

// stressed runs one workload of an implementation for a while and returns what its checks said.
func stressed(t *testing.T, p harness.Pattern, impl, work string) error {
	t.Helper()
	spec := harness.DefaultSpec(results.Cell{Contract: "rwlock", Work: work, Impl: impl, Procs: 2})
	spec.Seed, spec.Stress, spec.Grace = 1, 2*time.Second, 20*meets
	_, err := harness.Stress(t.Context(), harness.Rows(p), spec)
	return err
}

// finds fails the test if the workload passes, or says something else than it should.
func finds(t *testing.T, p harness.Pattern, impl, work, says string) {
	t.Helper()
	if err := stressed(t, p, impl, work); err == nil || !strings.Contains(err.Error(), says) {
		t.Errorf("%v", err)
	}
}

// claims makes a lock promise what it does not keep.
func claims(p impls.Promise, create func() locks.RWLocker) harness.Pattern {
	return Pattern(impls.Impl[locks.New]{Name: "liar", Kind: impls.Mutex, Source: "here", Promises: []impls.Promise{p}, New: create})
}

// Of those who wait for a writer, readers go first in PhaseFair and writers in WriterPreferring, whoever came first.
func TestFIFOFindsBothOrders(t *testing.T) {
	finds(t, claims(impls.FIFO, func() locks.RWLocker { return new(locks.PhaseFair) }), "liar", "fifo", "first in, first out")
	finds(t, claims(impls.FIFO, func() locks.RWLocker { return locks.NewWriterPreferring() }), "liar", "fifo", "first in, first out")
}

// Courtois, Heymans and Parnas 1971: readers of problem 1 starve a writer, and writers of problem 2 a reader.
func TestLoneWorkloadsFindStarvation(t *testing.T) {
	t.Run("writer", func(t *testing.T) {
		finds(t, claims(impls.StarvationFree, func() locks.RWLocker { return locks.NewReaderPreferring() }), "liar", "lone-writer", "starved")
	})
	t.Run("reader", func(t *testing.T) {
		finds(t, claims(impls.StarvationFree, func() locks.RWLocker { return locks.NewWriterPreferring() }), "liar", "lone-reader", "starved")
	})
	t.Run("late mark", func(t *testing.T) {
		finds(t, Pattern(append(locks.All(), locks.Broken()...)...), "marks-late", "lone-writer", "starved")
	})
}

// liar is a record that promises more than it keeps.
func liar(create locks.NewShared) harness.Pattern {
	return Shared(impls.Impl[locks.NewShared]{
		Name: "liar", Kind: impls.Mutex, Source: "here", Promises: []impls.Promise{impls.ReadersPass}, New: create,
	})
}

// careless takes no care but for the race detector's: a writer stores word by word what it made of a copy.
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
	finds(t, liar(func(n int) locks.Shared { return &careless{make([]atomic.Uint64, n)} }), "liar", "snapshot", "")
}

func TestDuringFindsALock(t *testing.T) {
	guarded := locks.Guard([]impls.Impl[locks.New]{{New: func() locks.RWLocker { return new(locks.Sync) }}})[0]
	finds(t, liar(guarded.New), "liar", "during", "while a writer was at work")
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

// A worker that reads an older version than it wrote or read before has been given a stale one.
func TestSnapshotFindsStaleLoads(t *testing.T) {
	finds(t, liar(func(n int) locks.Shared { return &stale{words: make([]uint64, n)} }), "liar", "snapshot", "was read after")
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
				t.Errorf("of %d words the change of word %d is not seen", size, torn)
			}
		}
	}
}
