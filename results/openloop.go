package results

import (
	"fmt"
	"strconv"
)

// RateKey is the parameter of an open loop: the turns per second that are due. Without
// it, the loop is closed.
const RateKey = "rate-hz"

const (
	dueP99 = "p99-ns" // what open loops rank by
	// The lateness of the load generator itself. Trials of older versions have none.
	generatorP99 = "generator-late-p99-ns"
	generatorMax = "generator-late-max-ns"
)

// noLatency precedes the reason why a row's latencies are not judged.
const noLatency = "no latency verdict: "

// lateShare is the share of a latency that the generator may have caused, at the same
// percentile, before that latency says too little of the implementation.
const lateShare = 0.25

// OpenLoop reports whether the cell's turns were due at a rate. Only contend's own were.
func (c Cell) OpenLoop() bool {
	text, _ := c.Get(RateKey)
	rate, err := strconv.ParseFloat(text, 64)
	return c.Own() && err == nil && rate > 0
}

// LoadLate says why the row's latencies are not those of its implementation: its turns
// began late for another reason. It is empty if they are, and for closed loops.
func (r Row) LoadLate() string {
	if !r.OpenLoop() {
		return ""
	}
	p99 := r.Estimate(dueP99)
	switch {
	case p99.N == 0:
		return ""
	case r.Sample(generatorP99).N == 0:
		return "it is not recorded how late the load itself came"
	}
	late, share := r.lateTrials(p99)
	if share <= lateShare {
		return ""
	}
	text := fmt.Sprintf("the load generator began 1 %% of the turns over %s late", nanoseconds(Median(late)))
	if trials := r.trials(); len(late) < trials {
		text += fmt.Sprintf(" in %d of %d trials, which have %.0f %% of the longest turns", len(late), trials, 100*share)
	}
	return text + fmt.Sprintf(", and the row's p99 is %s", nanoseconds(p99.Median))
}

// lateTrials returns the lateness of the trials whose load came late, against the row's
// p99, and the share that they have in the turns beyond it. Without histograms, all trials
// are late or none is.
func (r Row) lateTrials(p99 Sample) (late []float64, share float64) {
	if !r.MergedIn(dueP99) {
		late = r.Values(generatorP99)
		if Median(late) <= lateShare*p99.Median {
			return nil, 0
		}
		return late, 1
	}
	b := r.bins()
	for i, part := range b.beyond(p99.Median) {
		if v := r.Good[b.from[i]].Values[generatorP99]; v > lateShare*p99.Median {
			late = append(late, v)
			share += part
		}
	}
	return late, share
}

// fromDue reports whether a unit is a latency from the time at which a turn was due.
func fromDue(unit string) bool {
	_, percentile := percentiles[unit]
	return percentile || unit == "max-ns"
}

// lateIn returns LoadLate if the row is compared by a latency from the due time.
func (r Row) lateIn(unit string) string {
	if !fromDue(unit) {
		return ""
	}
	return r.LoadLate()
}

// generatorWaited reports whether the longest latency of a row may be the generator's.
func (r Row) generatorWaited(longest float64) bool {
	late := r.Sample(generatorMax)
	return late.N > 0 && late.Median > lateShare*longest
}
