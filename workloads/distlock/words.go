package distlock

import (
	"errors"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/cpu"
)

// words is data that only mutual exclusion keeps consistent: every turn increments all
// words, half of them on entry and half on exit. A second client inside finds words that
// differ, or its increments are lost. Each increment is a load and a store. The words are
// atomic only because a lock between processes promises nothing about memory.
type words struct {
	turns atomic.Uint64
	words [6]atomic.Uint64
	token atomic.Uint64 // of the last turn
	_     [cpu.Line]byte
}

var (
	errOverlap = errors.New("two clients were inside the section at once")
	errToken   = errors.New("a token is not greater than the one before")
)

// visit checks the words and increments them, and works inside for hold steps of the
// spin.
func (s *words) visit(w *harness.Worker, token uint64, hold int) {
	if token > 0 {
		if token <= s.token.Load() {
			w.Fail(errToken)
		}
		s.token.Store(token)
	}
	turn, half := s.turns.Load(), len(s.words)/2
	whole := true
	for i := range s.words {
		whole = whole && s.words[i].Load() == turn
	}
	for i := range half {
		s.words[i].Store(turn + 1)
	}
	w.Spin(hold)
	for i := range s.words {
		if i < half {
			whole = whole && s.words[i].Load() == turn+1
		} else {
			whole = whole && s.words[i].Load() == turn
			s.words[i].Store(turn + 1)
		}
	}
	s.turns.Store(turn + 1)
	if !whole {
		w.Fail(errOverlap)
	}
}
