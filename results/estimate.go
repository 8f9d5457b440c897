package results

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// The bootstrap of a merged percentile.
const (
	bootstraps    = 1000
	bootstrapSeed = 1
	bootstrapLow  = 0.025
	fewTrials     = 6 // with fewer, the median has no interval at 95 % either
)

// Estimate returns what stands for the row in a unit: tables show it, and verdicts rank by
// it. A percentile is that of all trials merged, in ns; its interval is from a bootstrap
// over the trials. Any other unit has the median over the trials.
// Without histograms, a percentile is the median of the trials' own, if each has one. N is
// 0 if nothing sound can be said; Lacks says why.
func (r Row) Estimate(unit string) Sample {
	q, is := percentiles[unit]
	if !is || !r.Own() {
		return r.Sample(unit)
	}
	if l, merged := r.Latency(); merged {
		return r.merged(l, unit, q)
	}
	if r.lacking(unit) > 0 {
		return Sample{}
	}
	return r.Sample(unit)
}

// MergedIn reports whether Estimate merges the latencies of all trials for a unit.
func (r Row) MergedIn(unit string) bool {
	if _, is := percentiles[unit]; !is || !r.Own() {
		return false
	}
	_, merged := r.Latency()
	return merged
}

// merged returns the percentile of the merged latencies of all trials.
func (r Row) merged(l Latency, unit string, q float64) Sample {
	v, ok := l.Quantile(q)
	if !ok {
		return Sample{}
	}
	s := r.Sample(unit) // of the trials' own values: how they are spread
	bins := r.bins()
	if bins == nil {
		return Sample{}
	}
	s.N, s.Median, s.Few, s.Confidence = len(bins.trials), v, len(bins.trials) < fewTrials, 1-2*bootstrapLow
	s.Low, s.High = bins.interval(q, v)
	s.High = min(s.High, max(v, l.Max)) // a bin reaches beyond its values
	return s
}

// bins are the latencies of a row's trials, by value.
type bins struct {
	values []float64   // highest first
	counts [][]float64 // by value, then by trial
	trials []float64   // the number of latencies of each trial that has any
	from   []int       // which of the row's trials that is
}

// bins decodes the latencies of each trial. It returns nil if one cannot be read.
func (r Row) bins() *bins {
	b := &bins{}
	at := map[int64][]float64{}
	for i, t := range r.Good {
		h, err := t.Histogram()
		if err != nil {
			return nil // Open reports a damaged histogram
		}
		if h == nil || h.TotalCount() == 0 {
			continue
		}
		for _, bar := range h.Distribution() {
			if bar.Count == 0 {
				continue
			}
			counts := at[bar.To]
			for len(counts) < len(b.trials)+1 {
				counts = append(counts, 0)
			}
			counts[len(b.trials)] = float64(bar.Count)
			at[bar.To] = counts
		}
		b.trials, b.from = append(b.trials, float64(h.TotalCount())), append(b.from, i)
	}
	for v := range at {
		b.values = append(b.values, float64(v))
	}
	slices.Sort(b.values)
	slices.Reverse(b.values)
	for _, v := range b.values {
		counts := at[int64(v)]
		b.counts = append(b.counts, append(counts, make([]float64, len(b.trials)-len(counts))...))
	}
	return b
}

// quantile returns the value below which the share q lies, where each trial counts as
// often as times says.
func (b *bins) quantile(q float64, times []float64) float64 {
	total, beyond := 0.0, 0.0
	for i, n := range b.trials {
		total += n * times[i]
	}
	for k, counts := range b.counts {
		for i, n := range counts {
			beyond += n * times[i]
		}
		if beyond > total*(1-q)*(1+1e-9) {
			return b.values[k]
		}
	}
	return b.values[len(b.values)-1]
}

// interval returns the 95 % interval of a percentile whose value in all trials is v. It
// resamples trials, since turns of one trial are not independent.
func (b *bins) interval(q, v float64) (low, high float64) {
	rng := rand.New(rand.NewPCG(bootstrapSeed, uint64(len(b.trials))))
	var drawn []float64
	for range bootstraps {
		times := make([]float64, len(b.trials))
		for range times {
			times[rng.IntN(len(times))]++
		}
		drawn = append(drawn, b.quantile(q, times))
	}
	slices.Sort(drawn)
	n := float64(len(drawn) - 1)
	return min(v, drawn[int(math.Floor(bootstrapLow*n))]), max(v, drawn[int(math.Ceil((1-bootstrapLow)*n))])
}

// beyond returns the share of the latencies above v that each trial has.
func (b *bins) beyond(v float64) []float64 {
	shares, total := make([]float64, len(b.trials)), 0.0
	for k, value := range b.values {
		if value <= v && total > 0 {
			break
		}
		for i, n := range b.counts[k] {
			shares[i] += n
			total += n
		}
	}
	for i := range shares {
		shares[i] /= math.Max(total, 1)
	}
	return shares
}

// lacking returns how many trials of the row had latency windows, but too few turns in
// them for a percentile.
func (r Row) lacking(unit string) (n int) {
	if r.packed != nil {
		return r.packed.lacking(unit)
	}
	for _, t := range r.Good {
		_, has := t.Values[unit]
		if _, longest := t.Values["max-ns"]; !has && (longest || timed(t)) {
			n++
		}
	}
	return n
}

// Lacks says why a row has no value of a percentile, or none in some trials; "" if each
// trial with latencies has one, and for other units.
func (r Row) Lacks(unit string) string {
	if _, is := percentiles[unit]; !is || !r.Passed() || !r.Own() {
		return ""
	}
	if n := r.lacking(unit); n > 0 {
		return fmt.Sprintf("%d of %d trials had too few turns for a %s", n, r.trials(), unit)
	}
	return ""
}
