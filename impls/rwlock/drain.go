package rwlock

import "sync/atomic"

// A drain is where a writer waits for readers that are inside and count themselves in several places: it looks for a moment, since
// most of them leave at once, and then sleeps, since one of them may not be running. The writer's lock guards it.
type drain struct {
	asleep atomic.Bool
	left   chan struct{} // filled by a reader that left meanwhile
}

// looks is how often a writer looks before it sleeps.
const looks = 256

func newDrain() drain { return drain{left: make(chan struct{}, 1)} }

// wait returns when nobody is inside. No reader may come meanwhile, but to leave again.
func (d *drain) wait(empty func() bool) {
	for range looks {
		if empty() {
			return
		}
	}
	d.asleep.Store(true)
	for !empty() {
		<-d.left
	}
	d.asleep.Store(false)
}

// leaves is called by a reader that has left: it did so before it looks, and a writer looks for it after it fell asleep.
func (d *drain) leaves() {
	if d.asleep.Load() {
		d.wake()
	}
}

func (d *drain) wake() {
	select {
	case d.left <- struct{}{}:
	default: // somebody woke it before
	}
}
