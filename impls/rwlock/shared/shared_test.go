package shared_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/impls/rwlock/shared"
)

// everything is the records without a lock for readers, and those of the locks.
func everything() []impls.Impl[shared.New] {
	return append(shared.All(), shared.Guard(rwlock.All())...)
}

func TestTables(t *testing.T) {
	implstest.Tables(t, shared.All(), shared.Broken(), "broken.go")
	guarded := shared.Guard(append(rwlock.All(), rwlock.Broken()...))
	if err := impls.Check(append(append(shared.All(), shared.Broken()...), guarded...)); err != nil {
		t.Error(err)
	}
}

// loads fails the test if the record has other words.
func loads(t *testing.T, record shared.Shared, want ...uint64) {
	t.Helper()
	if got := record.Load(make([]uint64, len(want))); !slices.Equal(got, want) {
		t.Errorf("got words %d, want %d", got, want)
	}
}

// What was loaded stays as it was, and into belongs to the caller.
func TestLoadedWordsStay(t *testing.T) {
	implstest.Each(t, everything(), func(t *testing.T, i impls.Impl[shared.New]) {
		record, into := i.New(3), make([]uint64, 5)
		record.Update(func(words []uint64) { copy(words, []uint64{1, 2, 3}) })
		first := record.Load(into)
		if want := []uint64{1, 2, 3}; !slices.Equal(first, want) {
			t.Fatalf("got words %d, want %d", first, want)
		}
		record.Update(func(words []uint64) { words[1] += 40 })
		if first[1] != 2 {
			t.Errorf("got %d in words that were loaded before an update, want 2", first[1])
		}
		into[0], into[1], into[2] = 9, 9, 9
		loads(t, record, 1, 42, 3)
	})
}

func TestUpdatesAreNotLost(t *testing.T) {
	implstest.Each(t, everything(), func(t *testing.T, i impls.Impl[shared.New]) {
		const workers, turns = 8, 300
		record := i.New(2)
		var group sync.WaitGroup
		for range workers {
			group.Go(func() {
				for range turns {
					record.Update(func(words []uint64) { words[0]++; words[1]-- })
				}
			})
		}
		group.Wait()
		all := uint64(workers * turns)
		loads(t, record, all, -all)
	})
}
