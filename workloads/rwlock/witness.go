package rwlock

import (
	"errors"
	"fmt"

	"github.com/contendbench/contend/harness"
)

var errChanged = errors.New("words that a reader had loaded were changed")

// A witness is what one worker knows of a record whose words are all at its version.
type witness struct {
	last   uint64 // version that the worker saw or made last
	stride int    // between words that a look compares
	offset int
}

// minCompared is how many words a look compares at least. A look that compared all would
// measure itself.
const minCompared = 16

func newWitness(words int) *witness { return &witness{stride: max(words/minCompared, 1)} }

// look reports whether the last word and some others, different ones in every look, are
// at the version of the first.
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

// read looks twice at what was loaded, with work in between.
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
