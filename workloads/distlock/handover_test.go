package distlock

import (
	"testing"
	"time"
)

func TestHandOver(t *testing.T) {
	var b baton
	if took := b.taken(1); took != 0 {
		t.Errorf("the first acquisition is a hand-over of %v", took)
	}
	b.drops(1)
	if took := b.taken(1); took != 0 {
		t.Errorf("who acquires again took over in %v", took)
	}
	time.Sleep(time.Millisecond)
	if took := b.taken(2); took < time.Millisecond {
		t.Errorf("a hand-over that took a millisecond took %v", took)
	}
}

func TestMedianOfHandOvers(t *testing.T) {
	all := make([]handed, 2)
	if _, ok := medianOf(all); ok {
		t.Error("there is a median of no hand-over")
	}
	for i := range 2 * mostHanded {
		all[0].add(time.Duration(i + 1))
	}
	all[1].add(0) // none
	if median, ok := medianOf(all); !ok || median != mostHanded+mostHanded/2+1 {
		t.Errorf("%v, %v", median, ok)
	}
}
