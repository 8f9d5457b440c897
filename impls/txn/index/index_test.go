package index_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/contendbench/contend/impls/txn/index"
)

type record struct{ key uint64 }

func keysOf(entries []index.Entry[record]) (keys []uint64) {
	for _, e := range entries {
		keys = append(keys, e.Key)
	}
	return keys
}

func TestIndex(t *testing.T) {
	x := index.New[record]()
	for _, key := range []uint64{30, 10, 20} {
		if r, inserted := x.GetOrInsert(key, func() *record { return &record{key} }); !inserted || r.key != key {
			t.Errorf("GetOrInsert(%d): got %v, %v, want its record, inserted", key, r, inserted)
		}
	}
	old := x.Get(20)
	if r, inserted := x.GetOrInsert(20, func() *record { return new(record) }); inserted || r != old {
		t.Errorf("a second GetOrInsert: got %v, %v, want the first record", r, inserted)
	}
	if got, want := keysOf(x.Range(nil, 10, 29, 9)), []uint64{10, 20}; !slices.Equal(got, want) {
		t.Errorf("Range(10, 29): got %d, want %d", got, want)
	}
	if got, want := keysOf(x.Range(nil, 0, 99, 2)), []uint64{10, 20}; !slices.Equal(got, want) {
		t.Errorf("the first two of Range(0, 99): got %d, want %d", got, want)
	}
	x.Remove(20, new(record)) // not its record
	x.Remove(20, old)
	var got []uint64
	x.RLock()
	x.Ascend(0, 29, func(key uint64, _ *record) bool {
		got = append(got, key)
		return true
	})
	x.RUnlock()
	if want := []uint64{10}; !slices.Equal(got, want) || x.Get(20) != nil || x.Len() != 2 {
		t.Errorf("after Remove(20): got %d up to 29, record %v, length %d, want %d, none, 2", got, x.Get(20), x.Len(), want)
	}
}

// Of many that insert a key at once, one does, and all get its record.
func TestInsertOnce(t *testing.T) {
	const goroutines, keys = 4, 1000
	x := index.New[record]()
	var inserted [goroutines]int
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for key := range uint64(keys) {
				r, fresh := x.GetOrInsert(key, func() *record { return &record{key} })
				if fresh {
					inserted[g]++
				}
				if now := x.Get(key); now != r {
					t.Errorf("key %d: got records %p and %p, want one", key, r, now)
				}
			}
		})
	}
	wg.Wait()
	if got := inserted[0] + inserted[1] + inserted[2] + inserted[3]; got != keys {
		t.Errorf("got %d insertions, want %d", got, keys)
	}
}
