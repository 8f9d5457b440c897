package models

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// A subject is a queue or a stack of words with one thing wrong.
type subject struct {
	values []uint64
	lifo   bool
	room   int // it refuses when it holds as many; 0: never
	loses  uint64
}

func (s *subject) put(v uint64) bool {
	if s.room > 0 && len(s.values) == s.room {
		return false
	}
	if v != s.loses || v == 0 {
		s.values = append(s.values, v)
	}
	return true
}

func (s *subject) take() (v uint64, ok bool) {
	n := len(s.values)
	if n == 0 {
		return 0, false
	}
	if s.lifo {
		v, s.values = s.values[n-1], s.values[:n-1]
	} else {
		v, s.values = s.values[0], s.values[1:]
	}
	return v, true
}

func TestWalk(t *testing.T) {
	for _, c := range []struct {
		name       string
		subject    subject
		lifo       bool
		room, most int
		complaint  string // "": none
	}{
		{"queue", subject{}, false, NoPromise, 0, ""},
		{"stack", subject{lifo: true}, true, NoPromise, 0, ""},
		{"bounded", subject{room: 8}, false, 5, 8, ""},
		{"exact", subject{room: 5}, false, 5, 8, ""},
		{"no promise", subject{room: 6}, false, 5, NoPromise, ""},
		{"in between", subject{room: 6}, false, 5, 8, "want 5 or 8"},
		{"too little room", subject{room: 4}, false, 5, 8, "refused"},
		{"too much room", subject{room: 9}, false, 5, 8, "took"},
		{"not unbounded", subject{room: 30}, false, NoPromise, 0, "refused"},
		{"wrong end", subject{lifo: true}, false, NoPromise, 0, "in place of"},
		{"loses", subject{loses: math.MaxUint64}, false, NoPromise, 0, "came out"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rng, s := rand.New(rand.NewPCG(1, 2)), c.subject
			k := &Walk[uint64]{
				Put: s.put, Take: s.take, Draw: Word, Same: func(a, b uint64) bool { return a == b },
				LIFO: c.lifo, Room: c.room, Most: c.most,
			}
			var err error
			for range 500 {
				if err = k.To(rng, rng.IntN(40)); err != nil {
					break
				}
			}
			if err == nil {
				err = k.Drain()
			}
			if text := fmt.Sprint(err); (err == nil) != (c.complaint == "") || !strings.Contains(text, c.complaint) {
				t.Errorf("got %v, want an error with %q", err, c.complaint)
			}
		})
	}
}

// Extreme values are distinct but for NaN and the two zeros, or a check could not tell
// them apart.
func TestExtremesAreDistinct(t *testing.T) {
	for i, a := range values {
		for _, b := range values[:i] {
			if a == b && a != any(0.0) && a != nil {
				t.Errorf("got %#v twice, want distinct values", a)
			}
		}
		if !Same(a, a) {
			t.Errorf("got Same(%#v, %#v) = false, want true", a, a)
		}
	}
}
