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
	var p99, late []float64
	if r.packed != nil && r.OpenLoop() {
		p99 = r.packed.values(dueP99)
	}
	if r.packed != nil {
		late = r.packed.values(generatorP99)
	}
	for _, t := range r.Good {
		if v, ok := t.Values[dueP99]; ok && t.OpenLoop() {
			p99 = append(p99, v)
		}
		if v, ok := t.Values[generatorP99]; ok {
			late = append(late, v)
		}
	}
	switch {
	case len(p99) == 0:
		return ""
	case len(late) == 0:
		return "it is not recorded how late the load itself came"
	case Median(late) <= lateShare*Median(p99):
		return ""
	}
	return fmt.Sprintf("the load generator began 1 %% of the turns over %s late, and their p99 is %s",
		nanoseconds(Median(late)), nanoseconds(Median(p99)))
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
