package rwlock

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// A drain is where a writer waits until the readers inside have left. It spins for a
// while, since most readers leave at once. Then it sleeps, since a reader may be
// descheduled. The writer's lock guards it.
type drain struct {
	asleep atomic.Bool
	left   chan struct{} // filled by a reader that left while the writer slept
}

func newDrain() drain { return drain{left: make(chan struct{}, 1)} }

// wait returns when no reader is inside. A reader may still arrive, but only to leave
// again.
func (d *drain) wait(empty func() bool) {
	var s cpu.Spinner
	for range cpu.ParkAfter {
		if empty() {
			return
		}
		s.Turn()
	}
	d.asleep.Store(true)
	for !empty() {
		<-d.left
	}
	d.asleep.Store(false)
}

// leaves is called by a reader after it has left. The reader leaves and then looks for a
// sleeper. A writer falls asleep and then looks for readers. So one of them sees the
// other.
func (d *drain) leaves() {
	if d.asleep.Load() {
		d.wake()
	}
}

func (d *drain) wake() {
	select {
	case d.left <- struct{}{}:
	default: // another reader has woken the writer already
	}
}
