package harness

import (
	"time"

	"github.com/contendbench/contend/results"
)

// windowResult is what one window measured.
type windowResult struct {
	kind    windowKind
	wall    time.Duration
	turns   uint64 // of the first role, within the measured part
	shares  []uint64
	active  int
	cpu     time.Duration
	heap    heapUse
	all     uint64 // turns of the first role with warm-up and drain: what heap divides by
	hist    *histogram
	service *histogram
	late    uint64
	metrics map[string]float64

	timeline *results.Timeline
}

// collect adds the first role's workers up. A turn under way at the begin or the end of the measured part
// counts at the end only; over many windows that is right on average, and within one it is at most a
// turn a worker.
func (w *Window) collect(wall, cpu time.Duration, heap heapUse) windowResult {
	res := windowResult{kind: w.kind, wall: wall, cpu: cpu, heap: heap, hist: new(histogram), service: new(histogram)}
	if w.whole() {
		res.wall = 0
	}
	for i := range w.roles[0].workers {
		k := &w.roles[0].workers[i]
		turns := k.last - k.first
		if w.whole() {
			turns = k.n
			res.wall = max(res.wall, k.took)
		}
		res.turns += turns
		res.all += k.n
		res.shares = append(res.shares, turns)
		if turns > 0 {
			res.active++
		}
		if s := &k.sampler; s.hist != nil {
			res.hist.add(s.hist)
			res.late += s.late
			if s.service != nil {
				res.service.add(s.service)
			}
		}
	}
	return res
}

// Turns returns how many turns of a role were complete within the measured part; for a check.
func (w *Window) Turns(name string) (turns uint64) {
	for _, r := range w.roles {
		if r.name != name {
			continue
		}
		for i := range r.workers {
			turns += r.workers[i].last - r.workers[i].first
		}
	}
	return turns
}

// nsPerOp is the window's wall time divided by its turns. A window without a turn is data too: its
// length is a lower bound for one.
func (r windowResult) nsPerOp() float64 { return float64(r.wall) / float64(max(r.turns, 1)) }

// jain is Jain's fairness index of the workers' shares: 1 when all are equal, 1/n when one has all.
func jain(shares []uint64) float64 {
	var sum, squares float64
	for _, s := range shares {
		sum += float64(s)
		squares += float64(s) * float64(s)
	}
	if squares == 0 {
		return 0
	}
	return sum * sum / (float64(len(shares)) * squares)
}

// fairnessValues are the figures of a fairness window; min-share and max-share are relative to an equal
// share.
func fairnessValues(r windowResult) map[string]float64 {
	var least, most, sum uint64
	starved := 0
	least = ^uint64(0)
	for _, s := range r.shares {
		least, most, sum = min(least, s), max(most, s), sum+s
		if s == 0 {
			starved++
		}
	}
	if sum == 0 {
		return map[string]float64{"starved": float64(starved), "fair-ms": float64(r.wall) / 1e6}
	}
	mean := float64(sum) / float64(len(r.shares))
	longest := r.hist.max
	if starved > 0 {
		longest = max(longest, r.wall)
	}
	return map[string]float64{
		"jain":        jain(r.shares),
		"min-share":   float64(least) / mean,
		"max-share":   float64(most) / mean,
		"starved":     float64(starved),
		"wait-max-ns": float64(longest),
		"fair-ms":     float64(r.wall) / 1e6,
	}
}
