package mutex

import "github.com/contendbench/contend/impls/cpu"

// TTASBackoff is TTAS with exponential backoff: after each failed try a waiter stays away
// twice as long as before, up to a bound. At the bound it yields after each try.
//
// Source: Anderson 1990, §III.B; Agarwal and Cherian, Adaptive Backoff Synchronization
// Techniques, ISCA 1989.
// Progress: a waiter may starve, and the risk grows while it waits. Waits by a
// cpu.Backoff.
// Space: 4 bytes.
// Ordering: that of TTAS.
// Wins in throughput under contention, because the last holder usually takes the lock
// again. Loses in fairness and in tail latency for the same reason.
// The zero value is unlocked. A TTASBackoff must not be copied after first use.
type TTASBackoff struct{ TTAS }

// Lock tries, with growing pauses, until it raises the flag.
func (l *TTASBackoff) Lock() {
	var b cpu.Backoff
	for !l.TryLock() {
		b.Wait()
	}
}
