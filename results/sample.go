package results

import (
	"math"
	"slices"

	"github.com/montanaflynn/stats"
	"golang.org/x/perf/benchmath"
)

// Sample summarizes independent values: trials, never operations. No value is ever dropped.
type Sample struct {
	Values     []float64 // by round
	N          int
	Median     float64
	Low, High  float64 // order-statistics interval of the median, as benchstat has it
	Confidence float64 // of the interval; under 0.95 when N is too small for it
	Q1, Q3     float64
	Min, Max   float64
	MAD        float64 // median absolute deviation
	Outliers   int     // further than 3 scaled MADs from the median: flagged and counted
	Warnings   []string
}

// scaledMAD makes the MAD of a normal distribution its standard deviation.
const scaledMAD = 1.4826

// Summarize returns the sample of values, which it does not change.
func Summarize(values []float64) Sample {
	s := Sample{Values: values, N: len(values)}
	if s.N == 0 {
		return s
	}
	sorted := slices.Clone(values) // benchmath sorts in place, and pairs go by position
	summary := benchmath.AssumeNothing.Summary(benchmath.NewSample(sorted, &benchmath.DefaultThresholds), 0.95)
	s.Median, s.Low, s.High, s.Confidence = summary.Center, summary.Lo, summary.Hi, summary.Confidence
	for _, w := range summary.Warnings {
		s.Warnings = append(s.Warnings, w.Error())
	}
	s.Min, s.Max = sorted[0], sorted[len(sorted)-1]
	// With too few values the interval is unbounded; what was seen is then all that can be shown.
	s.Low, s.High = max(s.Low, s.Min), min(s.High, s.Max)
	s.Q1, s.Q3 = s.Median, s.Median
	if s.N >= 4 {
		if q, err := stats.Quartile(sorted); err == nil { // its only error is an empty sample
			s.Q1, s.Q3 = q.Q1, q.Q3
		}
	}
	if mad, err := stats.MedianAbsoluteDeviation(sorted); err == nil {
		s.MAD = mad
	}
	for _, v := range values {
		if s.MAD > 0 && math.Abs(v-s.Median) > 3*scaledMAD*s.MAD {
			s.Outliers++
		}
	}
	return s
}
