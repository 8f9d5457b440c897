package harness

import (
	"time"

	"github.com/contendbench/contend/harness/histogram"
	"github.com/contendbench/contend/harness/machine"
	"github.com/contendbench/contend/results"
)

// windowResult is what one window measured.
type windowResult struct {
	kind    windowKind
	wall    time.Duration
	turns   uint64 // of the first role, in the measured part
	shares  []uint64
	active  int
	workers int // of all roles
	cpu     time.Duration
	heap    machine.Heap
	all     uint64 // turns of the first role including warm-up and drain: heap is divided by it
	hist    *histogram.Histogram
	service *histogram.Histogram
	behind  uint64
	delay   *histogram.Histogram
	delayed uint64
	stall   time.Duration // longest time between two samples of a worker
	metrics map[string]float64

	timeline *results.Timeline
}

// collect adds up what the first role's workers did. A turn in progress at the start or
// the end of the measured part counts at the end only. Over many windows, that is right
// on average. In one window, the error is at most one turn per worker.
func (w *Window) collect(wall, cpu time.Duration, heap machine.Heap) windowResult {
	res := windowResult{
		kind: w.kind, wall: wall, cpu: cpu, heap: heap,
		hist: new(histogram.Histogram), service: new(histogram.Histogram), delay: new(histogram.Histogram),
	}
	if w.whole() {
		res.wall = 0
	}
	for _, r := range w.roles {
		res.workers += len(r.workers)
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
			res.hist.Add(s.hist)
			res.stall = max(res.stall, s.stall)
		}
		if p := k.pacer; p != nil {
			res.service.Add(p.service)
			res.delay.Add(p.delay)
			res.behind += p.behind
			res.delayed += p.delayed
		}
	}
	return res
}

// Turns returns the number of turns that a role completed in the measured part. It is for
// checks.
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

// nsPerOp is the window's wall time divided by its turns. ok is false for a window without
// a turn, which says only that a turn takes longer than the window.
func (r windowResult) nsPerOp() (ns float64, ok bool) {
	if r.turns == 0 {
		return 0, false
	}
	return float64(r.wall) / float64(r.turns), true
}

// jain returns Jain's fairness index of the workers' shares: 1 if all are equal, 1/n if
// one worker has all turns.
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

// fairnessValues returns the values of a fairness window. The units min-share and
// max-share are relative to an equal share.
func fairnessValues(r windowResult) map[string]float64 {
	var smallest, largest, sum uint64
	starved := 0
	smallest = ^uint64(0)
	for _, s := range r.shares {
		smallest, largest, sum = min(smallest, s), max(largest, s), sum+s
		if s == 0 {
			starved++
		}
	}
	if sum == 0 {
		return map[string]float64{"starved": float64(starved), "fair-ms": float64(r.wall) / 1e6}
	}
	mean := float64(sum) / float64(len(r.shares))
	longest := max(r.hist.Max(), r.stall)
	if starved > 0 {
		longest = max(longest, r.wall)
	}
	return map[string]float64{
		"jain":        jain(r.shares),
		"min-share":   float64(smallest) / mean,
		"max-share":   float64(largest) / mean,
		"starved":     float64(starved),
		"wait-max-ns": float64(longest),
		"fair-ms":     float64(r.wall) / 1e6,
	}
}
