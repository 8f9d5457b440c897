package hashmap

import (
	"math/bits"
	"sync"
	"testing"
)

// Shalev and Shavit 2006, §3: the entries of a bucket lie between its head and the next
// head, for every size of the table.
func TestBucketsAreNeighbours(t *testing.T) {
	m := NewSplitOrdered[int, int]()
	const n = 10_000
	for k := range n {
		m.Store(k, k)
	}
	if got := m.buckets.Load(); got < n/maxLoad/2 || got > n {
		t.Errorf("got %d buckets for %d entries, want %d to %d", got, n, n/maxLoad/2, n)
	}
	mask := m.buckets.Load() - 1
	for k := range n {
		m.Load(k) // opens its bucket
	}
	last, bucket, entries := uint64(0), uint64(0), 0
	for at := m.first[0].Load(); at != nil; at = at.next.Load() {
		if at.order < last {
			t.Fatalf("got order %x behind %x, want ascending orders", at.order, last)
		}
		last = at.order
		if at.order&1 == 0 {
			bucket = bits.Reverse64(at.order)
			continue
		}
		entries++
		if got := m.hash(at.key) & mask; got != bucket {
			t.Fatalf("got an entry of bucket %d behind head %d, want it behind its own", got, bucket)
		}
	}
	if entries != n || m.Len() != n {
		t.Errorf("got %d linked entries and Len() = %d, want %d", entries, m.Len(), n)
	}
}

// Keys with the same hash are distinguished by ==.
func TestOneHash(t *testing.T) {
	m := NewSplitOrdered[string, int]()
	const hash = 7
	store := func(key string, value int) { m.claim(hash, key, value) }
	want := func(key string, value int, ok bool) {
		t.Helper()
		if got, there := m.load(hash, key); got != value || there != ok {
			t.Errorf("got %d, %t for %s, want %d, %t", got, there, key, value, ok)
		}
	}
	store("a", 1)
	store("b", 2)
	store("c", 3)
	m.remove(hash, "b")
	want("a", 1, true)
	want("b", 0, false)
	want("c", 3, true)
	store("b", 4)
	m.remove(hash, "a")
	m.remove(hash, "c")
	want("a", 0, false)
	want("b", 4, true)
	want("c", 0, false)
}

// Deleted entries do not stay in the list.
func TestDeletedIsUnlinked(t *testing.T) {
	m := NewSplitOrdered[int, int]()
	var group sync.WaitGroup
	for w := range 8 {
		group.Go(func() {
			for k := range 2000 {
				m.Store(k*8+w, k)
				m.LoadAndDelete(k*8 + (w+1)%8)
				m.LoadAndDelete(k*8 + w)
			}
		})
	}
	group.Wait()
	for at := m.first[0].Load(); at != nil; at = at.next.Load() {
		if at.order&1 == 1 || at.order == marked {
			t.Fatalf("got order %x in the list of a map without keys, want only heads", at.order)
		}
	}
	if m.Len() != 0 {
		t.Errorf("got Len() = %d, want 0", m.Len())
	}
}
