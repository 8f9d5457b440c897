package distlock

import (
	"testing"
	"time"
)

func TestLastRelease(t *testing.T) {
	var r lastRelease
	if got := r.since(1); got != 0 {
		t.Errorf("the first acquisition: got a hand-over of %v, want none", got)
	}
	r.by(1)
	if got := r.since(1); got != 0 {
		t.Errorf("the same client again: got a hand-over of %v, want none", got)
	}
	time.Sleep(time.Millisecond)
	if got := r.since(2); got < time.Millisecond {
		t.Errorf("got a hand-over of %v, want at least 1 ms", got)
	}
}

func TestMedianOfHandovers(t *testing.T) {
	all := make([]handovers, 2)
	if _, ok := medianOf(all); ok {
		t.Error("got a median of no hand-over, want none")
	}
	for i := range 2 * maxHandovers {
		all[0].add(time.Duration(i + 1))
	}
	all[1].add(0) // no hand-over
	want := maxHandovers + (maxHandovers+1)/2.0
	if got, ok := medianOf(all); !ok || got != want {
		t.Errorf("got %v, %v, want %v, true", got, ok, want)
	}
}
