package results

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// minBeyond is how many samples must lie beyond a percentile for it to be shown.
const minBeyond = 10

// percentiles are the units that a row takes from the latencies of all its trials.
var percentiles = map[string]float64{"p50-ns": 0.5, "p90-ns": 0.9, "p99-ns": 0.99, "p99.9-ns": 0.999}

// servicePercentiles are kept by trial only, so a row has none.
var servicePercentiles = []string{"service-p50-ns", "service-p90-ns", "service-p99-ns", "service-p99.9-ns"}

// Latency is what the latency windows of all trials of a row saw, in ns.
type Latency struct {
	Samples float64
	Max     float64
	hist    *hdrhistogram.Histogram
}

// Latency merges the latencies of a row's trials. ok is false without a trial that has
// latencies, and where one of them has lost its histogram: the rest would be a selection.
func (r Row) Latency() (l Latency, ok bool) {
	if !r.Passed() {
		return l, false
	}
	for _, t := range r.Good {
		if timed(t) && t.Hist == "" {
			return Latency{}, false
		}
		l.Samples += t.Values["samples"]
		l.Max = max(l.Max, t.Values["max-ns"])
	}
	var err error
	if l.hist, err = r.Histogram(); err != nil || l.hist == nil || l.hist.TotalCount() == 0 {
		return Latency{}, false // Open reports a damaged histogram
	}
	if l.Samples == 0 {
		l.Samples = float64(l.hist.TotalCount())
	}
	if l.Max == 0 {
		l.Max = float64(l.hist.Max())
	}
	return l, true
}

// timed reports whether a trial had latency windows with a turn in them.
func timed(t *Trial) bool {
	if t.Values["samples"] > 0 {
		return true
	}
	_, longest := t.Values["max-ns"]
	return longest && t.Hist != ""
}

// Quantile returns the latency below which the share q of turns lies, in ns. ok is false
// if fewer than ten samples lie beyond it.
func (l Latency) Quantile(q float64) (ns float64, ok bool) {
	if l.hist == nil || l.Samples*(1-q) < minBeyond*(1-1e-9) {
		return 0, false
	}
	return min(float64(l.hist.ValueAtQuantile(100*q)), l.Max), true
}

// Figure returns the value of a unit that stands for the row. A percentile comes from the
// latencies of all trials, a maximum is the largest of any trial, and other values are
// medians over the trials. ok is false if nothing sound can be said.
func (r Row) Figure(unit string) (v float64, ok bool) { return r.Figures()(unit) }

// Figures returns Figure for several units, which merges the latencies once.
func (r Row) Figures() func(unit string) (float64, bool) {
	if !r.Own() { // what a unit of another tool means is unknown
		return func(unit string) (float64, bool) {
			values := r.Values(unit)
			return Median(values), len(values) > 0
		}
	}
	merged := sync.OnceValues(r.Latency)
	return func(unit string) (float64, bool) {
		if q, is := percentiles[unit]; is {
			l, _ := merged()
			return l.Quantile(q)
		}
		return r.figure(unit)
	}
}

func (r Row) figure(unit string) (v float64, ok bool) {
	values := r.Values(unit)
	switch {
	case len(values) == 0 || slices.Contains(servicePercentiles, unit):
		return 0, false
	case unit == "max-ns" || unit == "service-max-ns" || unit == "wait-max-ns":
		return slices.Max(values), true
	case unit == "samples" || unit == "service-samples":
		for _, n := range values {
			v += n
		}
		return v, true
	}
	return Median(values), true
}

// FigureAbout says how Figure makes one value of several trials; "" for a median.
func FigureAbout(unit string) string {
	if _, is := percentiles[unit]; is {
		return "of all trials merged; a line of bench.txt has that of one trial"
	}
	switch unit {
	case "max-ns", "service-max-ns", "wait-max-ns":
		return "the longest of all trials"
	case "samples", "service-samples":
		return "in all trials"
	}
	return ""
}

// tail returns the row's 99th percentile, in ns, and what to call it. Runs without
// histograms have a median of trials instead, where each timed trial has the percentile.
func (r Row) tail() (ns float64, name string, ok bool) {
	l, merged := r.Latency()
	if ns, ok = l.Quantile(percentiles["p99-ns"]); ok {
		return ns, "p99", true
	}
	if merged || !r.Passed() || r.lacking(dueP99) > 0 {
		return 0, "", false
	}
	values := r.Values(dueP99)
	return Median(values), "median of the trials' p99", len(values) > 0
}

// nanoseconds writes a duration with three digits: 50 ns, 1.25 ms.
func nanoseconds(ns float64) string {
	for _, s := range []struct {
		size time.Duration
		name string
	}{{time.Second, "s"}, {time.Millisecond, "ms"}, {time.Microsecond, "µs"}} {
		if ns >= 0.9995*float64(s.size) {
			return fmt.Sprintf("%.3g %s", ns/float64(s.size), s.name)
		}
	}
	return fmt.Sprintf("%.3g ns", ns)
}
