package mutex

import "runtime"

// TTASBackoff is TTAS with exponential backoff: a waiter whose try failed stays away for twice as long as
// before, up to a limit, and then gives its processor away at each try.
//
// Source: Anderson 1990, §III.B; Agarwal and Cherian, Adaptive Backoff Synchronization Techniques, ISCA 1989.
// Progress: a waiter may starve, the longer it has waited the more.
// Space: 4 bytes.
// Ordering: that of TTAS.
// Wins by throughput under contention, because the last holder mostly takes the lock again; for the same reason
// it loses in fairness and tail.
// The zero value is unlocked. A TTASBackoff must not be copied after first use.
type TTASBackoff struct{ TTAS }

const (
	leastBackoff = 4 // turns of a pause
	mostBackoff  = 1024
)

// Lock spins, with growing pauses, until it raises the flag.
func (l *TTASBackoff) Lock() {
	for turns := uint32(leastBackoff); !l.TryLock(); {
		pause(turns)
		if turns < mostBackoff {
			turns *= 2
		} else {
			runtime.Gosched()
		}
	}
}
