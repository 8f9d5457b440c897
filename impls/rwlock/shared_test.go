package rwlock_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/rwlock"
)

// records runs a subtest for every record, those of the locks among them.
func records(t *testing.T, test func(*testing.T, rwlock.NewShared)) {
	t.Helper()
	for _, i := range append(rwlock.Guard(rwlock.All()), rwlock.AllShared()...) {
		if i.Role == impls.Contender {
			t.Run(i.Name, func(t *testing.T) { test(t, i.New) })
		}
	}
}

func TestRecordTables(t *testing.T) {
	if err := impls.Check(append(rwlock.AllShared(), rwlock.BrokenShared()...)); err != nil {
		t.Error(err)
	}
	if err := impls.Check(rwlock.Guard(append(rwlock.All(), rwlock.Broken()...))); err != nil {
		t.Error(err)
	}
}

// What was loaded stays as it was, and belongs to who loaded it.
func TestLoadedWordsStay(t *testing.T) {
	records(t, func(t *testing.T, create rwlock.NewShared) {
		shared, into := create(3), make([]uint64, 5)
		shared.Update(func(words []uint64) { copy(words, []uint64{1, 2, 3}) })
		first := shared.Load(into)
		if !slices.Equal(first, []uint64{1, 2, 3}) {
			t.Fatalf("loaded %d", first)
		}
		shared.Update(func(words []uint64) { words[1] += 40 })
		if first[1] != 2 {
			t.Error("an update changed words that were loaded before")
		}
		into[0], into[1], into[2] = 9, 9, 9
		if second := shared.Load(make([]uint64, 3)); !slices.Equal(second, []uint64{1, 42, 3}) {
			t.Errorf("loaded %d", second)
		}
	})
}

func TestUpdatesAreNotLost(t *testing.T) {
	records(t, func(t *testing.T, create rwlock.NewShared) {
		const workers, turns = 8, 300
		shared := create(2)
		var group sync.WaitGroup
		for range workers {
			group.Go(func() {
				for range turns {
					shared.Update(func(words []uint64) { words[0]++; words[1]-- })
				}
			})
		}
		group.Wait()
		if words := shared.Load(make([]uint64, 2)); words[0] != workers*turns || words[0]+words[1] != 0 {
			t.Errorf("after %d updates the words are %d", workers*turns, words)
		}
	})
}
