package models

import (
	"fmt"

	"github.com/contendbench/contend/harness/history/linearizable"
)

// maxWords is how many words an array of a history may have.
const maxWords = 4

// Words is a call to an array of up to 4 words, which are 0 at first: a compare-and-swap
// of several, or the load of one.
type Words struct {
	Swaps []WordSwap // empty: it loads Place
	Place int
}

// WordSwap is the change of one word. The words of a call change at once, or none does.
type WordSwap struct{ Place, Old, New int }

func (w Words) String() string {
	if len(w.Swaps) == 0 {
		return fmt.Sprintf("load(%d)", w.Place)
	}
	text := "compare-and-swap("
	for i, s := range w.Swaps {
		if i > 0 {
			text += "; "
		}
		text += fmt.Sprintf("%d: %d, %d", s.Place, s.Old, s.New)
	}
	return text + ")"
}

// Array is an array of words.
func Array() linearizable.Model[[maxWords]int, Words, Result] {
	return linearizable.Model[[maxWords]int, Words, Result]{
		Init: func() (words [maxWords]int) { return words },
		Step: func(words [maxWords]int, w Words, got *Result) (bool, [maxWords]int) {
			if len(w.Swaps) == 0 {
				return fits(got, Result{words[w.Place], true}), words
			}
			next := words
			for _, s := range w.Swaps {
				if words[s.Place] != s.Old {
					return fits(got, Result{}), words
				}
				next[s.Place] = s.New
			}
			return fits(got, Result{0, true}), next
		},
		Equal:    func(a, b [maxWords]int) bool { return a == b },
		Reads:    func(w Words, got *Result) bool { return len(w.Swaps) == 0 || got != nil && !got.OK },
		Describe: func(w Words, got *Result) string { return arrow(w.String(), got) },
	}
}
