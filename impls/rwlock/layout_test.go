package rwlock

import (
	"testing"
	"unsafe"

	"github.com/contendbench/contend/impls/cpu"
)

// Words that different goroutines use are on different cache lines, wherever the
// allocator puts the lock.
func TestWordsThatAreApart(t *testing.T) {
	var bravo BRAVO
	var counted CountedBRAVO
	for _, c := range []struct {
		words    string
		from, to uintptr // end or start of the one, start of the other
	}{
		{"BRAVO's bias and slots", unsafe.Offsetof(bravo.until) + unsafe.Sizeof(bravo.until), unsafe.Offsetof(bravo.slots)},
		{"BRAVO's slots", 0, unsafe.Sizeof(bravoSlot{})},
		{"CountedBRAVO's lock and bias", unsafe.Sizeof(counted.under), unsafe.Offsetof(counted.biased)},
		{"CountedBRAVO's slots", 0, unsafe.Sizeof(countedSlot{})},
		{"BigReader's stripes", 0, unsafe.Sizeof(stripe{})},
	} {
		if got := c.to - c.from; got < cpu.Line {
			t.Errorf("%s: got %d bytes between them, want at least %d", c.words, got, cpu.Line)
		}
	}
}
