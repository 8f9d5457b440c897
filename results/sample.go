package results

import (
	"math"
	"slices"

	"github.com/montanaflynn/stats"
	"golang.org/x/perf/benchmath"
)

// Sample summarizes independent values: those of trials, never of single turns. No value
// is ever dropped.
type Sample struct {
	Values     []float64 // by round
	N          int
	Median     float64
	Low, High  float64 // order-statistics interval of the median, as in benchstat
	Confidence float64 // of the interval; below 0.95 if N is too small
	Few        bool    // N is too small for an interval: Low and High are the whole range
	Q1, Q3     float64
	Min, Max   float64
	MAD        float64 // median absolute deviation
	Outliers   int     // values more than 3 scaled MADs from the median: counted, not removed
	Warnings   []string
}

// scaledMAD is the standard deviation of a normal distribution whose MAD is 1.
const scaledMAD = 1.4826

// Summarize returns the sample of values. It leaves values unchanged.
func Summarize(values []float64) Sample {
	s := Sample{Values: values, N: len(values)}
	if s.N == 0 {
		return s
	}
	sorted := slices.Clone(values) // benchmath sorts in place, and pairs rely on the order
	summary := benchmath.AssumeNothing.Summary(benchmath.NewSample(sorted, &benchmath.DefaultThresholds), 0.95)
	s.Median, s.Low, s.High, s.Confidence = summary.Center, summary.Lo, summary.Hi, summary.Confidence
	for _, w := range summary.Warnings {
		s.Warnings = append(s.Warnings, w.Error())
	}
	s.Few = math.IsInf(summary.Lo, 0) || math.IsInf(summary.Hi, 0)
	s.Min, s.Max = sorted[0], sorted[len(sorted)-1]
	// With too few values the interval is unbounded. The observed range stands in for it.
	s.Low, s.High = max(s.Low, s.Min), min(s.High, s.Max)
	s.Q1, s.Q3 = s.Median, s.Median
	if s.N >= 4 {
		if q, err := stats.Quartile(sorted); err == nil { // the only error is an empty sample
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

// Median returns the middle of values, or the mean of the two in the middle; 0 without
// values. It leaves values unchanged.
func Median(values []float64) float64 {
	n := len(values)
	if n == 0 {
		return 0
	}
	if !slices.IsSorted(values) {
		values = slices.Clone(values)
		slices.Sort(values)
	}
	return (values[(n-1)/2] + values[n/2]) / 2
}
