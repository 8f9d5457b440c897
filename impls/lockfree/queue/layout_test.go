package queue

import (
	"reflect"
	"testing"

	"github.com/contendbench/contend/impls/cpu"
)

// What every caller reads shares no cache line with what calls write.
func TestLayout(t *testing.T) {
	combining := reflect.TypeFor[FlatCombining[uint64]]()
	values, _ := combining.FieldByName("values")
	requests, _ := combining.FieldByName("requests")
	if got := requests.Offset - values.Offset - values.Type.Size(); got < cpu.Line {
		t.Errorf("got %d bytes between the ring and the pool of requests, want at least %d", got, cpu.Line)
	}
}
