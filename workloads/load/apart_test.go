package load

import (
	"testing"
	"unsafe"

	"github.com/contendbench/contend/impls/cpu"
)

func TestApart(t *testing.T) {
	lines := map[uintptr]bool{}
	made := 0
	for _, p := range Apart(100, func() *uint32 { made++; return new(uint32) }) {
		line := uintptr(unsafe.Pointer(p)) / cpu.Line
		if lines[line] {
			t.Fatalf("got two of 100 numbers on a line, want one each (%d were made)", made)
		}
		lines[line] = true
	}
	if got := Apart(3, func() int { return 7 }); len(got) != 3 || got[2] != 7 {
		t.Errorf("got %v, want 7 three times", got)
	}
}
