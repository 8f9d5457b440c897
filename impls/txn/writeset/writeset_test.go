package writeset_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/contendbench/contend/impls/txn/writeset"
)

// Few writes and many are found, in order and alone, also in a set that was used before.
func TestSet(t *testing.T) {
	var s writeset.Set
	for _, n := range []uint64{3, 100, 5, 40} {
		for key := n; key > 0; key-- {
			s.Put(key, fmt.Append(nil, "first of ", key))
			s.Put(key, fmt.Append(nil, key))
		}
		s.Delete(2)
		if s.Len() != int(n) {
			t.Errorf("%d keys: got length %d", n, s.Len())
		}
		for range 2 { // before they are sorted, and after it
			for key := range n + 2 {
				value, ok := s.Get(key)
				if want := 1 <= key && key <= n; ok != want {
					t.Errorf("%d keys: Get(%d): got %v, want %v", n, key, ok, want)
				}
				if want := fmt.Append(nil, key); ok && key != 2 && !slices.Equal(value, want) || key == 2 && value != nil {
					t.Errorf("%d keys: Get(%d): got %q", n, key, value)
				}
			}
			s.Sorted()
		}
		if got := s.Between(2, 3); len(got) != 2 || got[0].Key != 2 || got[1].Key != 3 {
			t.Errorf("%d keys: Between(2, 3): got %v, want both", n, got)
		}
		s.Reset()
		if _, ok := s.Get(1); ok || s.Len() != 0 {
			t.Errorf("after Reset: got length %d and key 1: %v, want 0 and none", s.Len(), ok)
		}
	}
}

// A visit shows own writes in place of, and between, what is stored.
func TestOverlay(t *testing.T) {
	stored := []writeset.Write{
		{Key: 10, Value: []byte("10")}, {Key: 20, Value: []byte("20")}, {Key: 30, Value: []byte("30")},
	}
	for i, want := range []string{"5=own", "5=own 10=10", "5=own 10=10 30=own", "5=own 10=10 30=own 35=own"} {
		var s writeset.Set
		for _, key := range []uint64{35, 5, 30, 99} {
			s.Put(key, []byte("own"))
		}
		s.Delete(20)
		got, n := "", 0
		o := s.Over(0, 40, func(key uint64, value []byte) bool {
			if got != "" {
				got += " "
			}
			got += fmt.Sprintf("%d=%s", key, value)
			n++
			return n <= i
		})
		for _, w := range stored {
			if !o.Stored(w.Key, w.Value) {
				break
			}
		}
		o.Rest()
		if got != want {
			t.Errorf("a visitor that stops after %d: got %q, want %q", i+1, got, want)
		}
	}
}
