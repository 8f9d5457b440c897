package harness

import (
	"runtime"
	"slices"
	"time"
)

// Spin is calibrated work: n steps of a multiply–add chain whose state enters and leaves, so that
// neither the compiler nor the processor can shorten or overlap it. The multiplier is Knuth's MMIX
// linear congruential generator.
func Spin(state uint64, n int) uint64 {
	for range n {
		state = state*6364136223846793005 + 1442695040888963407
	}
	return state
}

// CalibrateSpin returns the steps of Spin that take one nanosecond. It runs once a run, in the parent,
// and is handed to every trial, so that all of them do the same work.
func CalibrateSpin() float64 {
	const steps = 200_000
	var rates []float64
	state := uint64(1)
	for range 15 {
		begin := since()
		state = Spin(state, steps)
		rates = append(rates, steps/float64(since()-begin))
	}
	runtime.KeepAlive(state)
	slices.Sort(rates)
	return rates[len(rates)-len(rates)/4-1] // the faster quartile: interruptions only ever slow it
}

// stepsIn returns the number of steps that last d.
func stepsIn(perNs float64, d time.Duration) int { return int(perNs*float64(d) + 0.5) }
