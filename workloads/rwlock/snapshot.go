package rwlock

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

var errChanged = errors.New("words that a reader got were changed under it")

// A witness is what one worker knows of a record whose words are all at its version.
type witness struct {
	last   uint64 // version that the worker saw or made last
	stride int    // between words that a look compares
	offset int
}

// compared is how many words a look compares at the least: one that compared all would measure itself.
const compared = 16

func newWitness(words int) *witness { return &witness{stride: max(words/compared, 1)} }

// look reports whether some words, others in every look, and the last one are at the version of the first.
func (s *witness) look(words []uint64) bool {
	version := words[0]
	whole := words[len(words)-1] == version
	for i := s.offset; i < len(words); i += s.stride {
		whole = whole && words[i] == version
	}
	s.offset++
	if s.offset == s.stride {
		s.offset = 0
	}
	return whole
}

// saw notes a version, which must not be older than the last one.
func (s *witness) saw(w *harness.Worker, version uint64) {
	if version < s.last {
		w.Fail(fmt.Errorf("version %d was read after %d", version, s.last))
	}
	s.last = version
}

// read looks at what was loaded twice, with work between.
func (s *witness) read(w *harness.Worker, words []uint64, hold int) {
	whole := s.look(words)
	if !whole {
		w.Fail(errTorn)
	}
	s.saw(w, words[0])
	w.Spin(hold)
	if whole && (!s.look(words) || words[0] != s.last) {
		w.Fail(errChanged)
	}
}

// step moves all words to the next version, one half before the pause and one after.
func step(words []uint64, pause func()) (version uint64) {
	version = words[0] + 1
	half := len(words) / 2
	for i := range words[:half] {
		words[i] = version
	}
	pause()
	for i := half; i < len(words); i++ {
		words[i] = version
	}
	return version
}

func snapshot(t *harness.Trial, create locks.NewShared) error {
	n, size, share, yield := load.Goroutines.Of(t), words.Of(t), readPct.Of(t)/100, load.Yield.Of(t)
	hold, think := t.Spins(load.Hold.Of(t)), t.Spins(load.Think.Of(t))
	return t.Window(func(w *harness.Window) error {
		shared := create(size)
		var updates atomic.Uint64
		w.Go("worker", n, func(w *harness.Worker) {
			into, seen, reads := make([]uint64, size), newWitness(size), draw(w, share)
			var turn, mine uint64
			pause := func() {
				w.Spin(hold)
				load.Yields(turn, yield)
			}
			change := func(words []uint64) { seen.saw(w, step(words, pause)) }
			for w.Next() {
				turn++
				if reads[turn%choices] {
					words := shared.Load(into)
					w.Mark()
					seen.read(w, words, hold)
				} else {
					shared.Update(change)
					mine++
				}
				w.Think(think)
			}
			updates.Add(mine)
		})
		w.Check(func() error {
			got := shared.Load(make([]uint64, size))
			for i, version := range got {
				if version != updates.Load() {
					return fmt.Errorf("lost updates: word %d stands at %d after %d updates", i, version, updates.Load())
				}
			}
			return nil
		})
		return nil
	})
}

// during loads the record while a change is under way, which goes on only when the reader has what it wants.
func during(t *harness.Trial, create locks.NewShared) error {
	size := words.Of(t)
	return t.Window(func(w *harness.Window) error {
		w.Go("round", 1, func(w *harness.Worker) {
			for w.Next() {
				if !passes(create(size), size) {
					w.Fail(fmt.Errorf("a reader was not back within %v while a writer was at work", meets))
					return
				}
			}
		})
		return nil
	})
}

// passes reports whether a reader is back before a writer has done.
func passes(shared locks.Shared, size int) (passed bool) {
	done := make(chan struct{})
	shared.Update(func(words []uint64) {
		step(words, func() {
			go func() {
				shared.Load(make([]uint64, size))
				close(done)
			}()
			select {
			case <-done:
				passed = true
			case <-time.After(meets):
			}
		})
	})
	<-done
	return passed
}
