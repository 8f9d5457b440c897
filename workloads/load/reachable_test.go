package load

import (
	"runtime"
	"testing"
	"weak"
)

func TestReachable(t *testing.T) {
	held := new([64]byte)
	values := []weak.Pointer[[64]byte]{weak.Make(held), weak.Make(new([64]byte)), {}}
	if got := Reachable(values); got != 1 {
		t.Errorf("got %d reachable values, want 1", got)
	}
	runtime.KeepAlive(held)
	if got := Reachable(values, values); got != 0 {
		t.Errorf("got %d reachable values after the last use, want 0", got)
	}
}
