package results

import (
	"math"
	"slices"
)

// A split divides sorted values into the two groups that explain most of their variance.
type split struct {
	at        int     // index of the first value of the upper group
	explained float64 // share of the sum of squares
}

func bestSplit(sorted []float64) (best split) {
	n := float64(len(sorted))
	var sum, squares float64
	for _, v := range sorted {
		sum += v
		squares += v * v
	}
	total := squares - sum*sum/n
	if total <= 0 {
		return split{}
	}
	left := 0.0
	for i := 1; i < len(sorted); i++ {
		left += sorted[i-1]
		l, r := left/float64(i), (sum-left)/(n-float64(i))
		between := float64(i)*l*l + (n-float64(i))*r*r - sum*sum/n
		if e := between / total; e > best.explained {
			best = split{i, e}
		}
	}
	return best
}

// Regimes says whether a sample has two modes. An implementation may run at two speeds,
// and the median of both would be a speed at which it never runs.
type Regimes struct {
	Two       bool
	Low, High Mode
	Explained float64 // share of the variance that the split explains
}

// Mode is one of two regimes.
type Mode struct {
	Median float64
	Share  float64
	N      int
}

// explainedByChance is the share of variance that the best split of a normal sample of n
// values stays below in 99 % of samples. Each limit comes from 60,000 simulated samples,
// and a test repeats the simulation. For large samples the share tends to 2/π = 0.64.
var explainedByChance = []struct {
	n     int
	limit float64
}{{8, 0.932}, {9, 0.917}, {10, 0.907}, {12, 0.886}, {16, 0.854}, {24, 0.814}, {48, 0.761}, {96, 0.722}}

// minMode is how many values a mode must have.
const minMode = 3

// SplitRegimes looks for two modes in the logarithms of values.
func SplitRegimes(values []float64) Regimes {
	logs := logarithms(slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return v <= 0 }))
	slices.Sort(logs)
	n := len(logs)
	limit := 1.0
	for _, e := range explainedByChance {
		if n >= e.n {
			limit = e.limit
		}
	}
	s := bestSplit(logs)
	r := Regimes{Explained: s.explained}
	if s.explained <= limit || min(s.at, n-s.at) < minMode {
		return r
	}
	mode := func(part []float64) Mode {
		return Mode{Median: math.Exp(Median(part)), Share: float64(len(part)) / float64(n), N: len(part)}
	}
	r.Two, r.Low, r.High = true, mode(logs[:s.at]), mode(logs[s.at:])
	return r
}

// regimeRatio is the smallest ratio between the two regimes of the probe. One hop was
// seen to take 55 ns in one regime and 300 to 700 ns in the other.
const regimeRatio = 2.5

// ProbeRegime splits a run's trials by the time that a cache line took between two cores
// when the trial began. If there is only one regime, two is false and near holds for all
// trials.
func ProbeRegime(trials []Trial) (near func(Trial) bool, two bool) {
	var logs []float64
	for _, t := range trials {
		if h := hopOf(t); h > 0 {
			logs = append(logs, math.Log(h))
		}
	}
	slices.Sort(logs)
	all := func(Trial) bool { return true }
	if len(logs) < 2*minMode {
		return all, false
	}
	s := bestSplit(logs)
	if min(s.at, len(logs)-s.at) < minMode || Median(logs[s.at:])-Median(logs[:s.at]) < math.Log(regimeRatio) {
		return all, false
	}
	limit := math.Exp((logs[s.at-1] + logs[s.at]) / 2)
	return func(t Trial) bool { return hopOf(t) <= limit }, true
}

func hopOf(t Trial) float64 {
	if t.Probe.HopNs > 0 {
		return t.Probe.HopNs
	}
	return t.Values["hop-ns"]
}
