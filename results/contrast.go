package results

import (
	"cmp"
	"math"
	"slices"

	"golang.org/x/perf/benchmath"
)

// A contrast is how two rows are compared.
type contrast struct {
	name   string
	metric Metric
	exact  bool // the values have no noise
	pairs  bool // trials of one round belong together
	o      Options
}

// compare compares two rows by their ratio, or by their values where those have none.
func (k contrast) compare(old, new series) Comparison {
	if k.exact {
		return k.compareExact(old, new)
	}
	var c Comparison
	if k.pairs {
		c = paired(k.name, k.metric, old, new, k.o)
	} else {
		c = unpaired(k.name, k.metric, old, new, k.o)
	}
	// A turn of contend takes time, so a trial of its 0 ns/op has not measured it.
	if c.Void > 0 && (k.metric.Unit != nsPerOp || !old.row.Own()) {
		k.compareValues(&c, old, new)
	}
	return c
}

// compareValues tests the values themselves, since 0 has no ratio to anything.
func (k contrast) compareValues(c *Comparison, old, new series) {
	olds, news := old.numbers(), new.numbers()
	c.NoRatio, c.Warnings = true, nil
	c.Ratio, c.Low, c.High, c.Floor = 0, 0, 0, 0
	c.describe(olds, news)
	c.N, c.P = min(len(olds), len(news)), c.BenchP
	if k.pairs {
		d := differences(old, new)
		c.N, c.P = len(d), signedRank(d)
	}
	c.PAdjusted = c.P
	all := slices.Concat(olds, news)
	c.same = len(all) > 0 && slices.Min(all) == slices.Max(all)
	c.rise = cmp.Or(c.NewMedian-c.OldMedian, mean(news)-mean(olds))
}

// compareExact compares values that one measurement tells.
func (k contrast) compareExact(old, new series) Comparison {
	c := Comparison{Name: k.name, Unit: k.metric.Unit, Better: k.metric.Better, Exact: true}
	olds, news := old.numbers(), new.numbers()
	c.N = min(len(olds), len(news))
	if c.N == 0 {
		return c
	}
	center := func(values []float64) float64 {
		s := benchmath.AssumeExact.Summary(benchmath.NewSample(slices.Clone(values), &benchmath.DefaultThresholds), 1)
		for _, w := range s.Warnings {
			c.Warnings = append(c.Warnings, "benchmath: "+w.Error())
		}
		return s.Center
	}
	c.OldMedian, c.NewMedian = center(olds), center(news)
	test := benchmath.Comparison{N1: len(olds), N2: len(news)}
	c.BenchDelta = test.FormatDelta(c.OldMedian, c.NewMedian) + " (exact)"
	c.rise = c.NewMedian - c.OldMedian
	if c.OldMedian <= 0 || c.NewMedian <= 0 {
		c.NoRatio = true
		return c
	}
	c.Ratio = c.NewMedian / c.OldMedian
	c.Low, c.High = c.Ratio, c.Ratio
	return c
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / math.Max(float64(len(values)), 1)
}
