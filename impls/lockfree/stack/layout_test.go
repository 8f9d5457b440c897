package stack

import (
	"reflect"
	"testing"

	"github.com/contendbench/contend/impls/cpu"
)

// The slots of an elimination stack, which every Pop reads, share no cache line with the
// top, which calls write.
func TestLayout(t *testing.T) {
	elimination := reflect.TypeFor[Elimination[uint64]]()
	top, _ := elimination.FieldByName("top")
	slots, _ := elimination.FieldByName("slots")
	if got := slots.Offset - top.Offset - top.Type.Size(); got < cpu.Line-8 {
		t.Errorf("got %d bytes between the top and the slots, want at least %d", got, cpu.Line-8)
	}
}
