package machine

import (
	"runtime"
	"slices"
	"time"
)

// Spin does calibrated work: n steps of a multiply–add chain that starts from state and
// returns the next. Neither the compiler nor the processor can shorten or overlap it. The
// multiplier is that of Knuth's MMIX linear congruential generator.
func Spin(state uint64, n int) uint64 {
	for range n {
		state = state*6364136223846793005 + 1442695040888963407
	}
	return state
}

// CalibrateSpin returns how many steps of Spin take one nanosecond. The parent calls it
// once a run and passes the result to every trial, so that all trials do the same work.
func CalibrateSpin() float64 {
	const steps = 200_000
	var rates []float64
	state := uint64(1)
	for range 15 {
		start := Since()
		state = Spin(state, steps)
		rates = append(rates, steps/float64(Since()-start))
	}
	runtime.KeepAlive(state)
	slices.Sort(rates)
	return rates[len(rates)-len(rates)/4-1] // the upper quartile: interruptions only slow it down
}

// Steps returns the number of steps of Spin that take d.
func Steps(perNs float64, d time.Duration) int { return int(perNs*float64(d) + 0.5) }
