package harness

import (
	"math"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/contendbench/contend/harness/histogram"
	"github.com/contendbench/contend/harness/machine"
)

// A sampler times some turns of a worker. After a short turn it skips some, so that
// sampling costs a few per cent. After a long turn it times the next one. A stall among
// the turns that it skips shows as a long time between two samples. A sample has the
// weight of its mean gap. Whether a turn is timed depends on earlier turns only, so the
// weighted histogram represents all turns.
type sampler struct {
	hist    *histogram.Histogram
	service *histogram.Histogram // open loop: from the actual start; hist is from the scheduled start
	gap     uint64               // mean turns from the last sample to the next
	from    time.Duration        // start of the timed turn, in an open loop the scheduled one
	start   time.Duration        // actual start
	ended   time.Duration        // end of the last timed turn; 0: none yet
	stall   time.Duration        // longest time between two samples, if the skipped turns do not explain it
	pace    time.Duration        // open loop: mean time between this worker's turns; 0 is closed
	poisson bool
	due     time.Duration // scheduled start of the next turn
	late    uint64        // turns that started behind schedule
}

const (
	maxGap = 64
	// sampledEvery is the intended time between two samples. A sample costs two clock
	// reads.
	sampledEvery = 3 * time.Microsecond
)

// stallFrom is more than a few skipped turns take.
const stallFrom = 2 * time.Millisecond

// sampled sets a worker up for a latency or fairness window.
func sampled(w *Worker) {
	w.seen = never
	w.sampler = sampler{hist: new(histogram.Histogram), gap: 1}
	w.every, w.marked = sampleTurn, sampleMark
}

func sampleTurn(w *Worker) {
	if w.at == measure {
		w.timed = true
		w.sampler.from = machine.Since()
		w.sampler.between(w.sampler.from)
	}
}

// between notes a stall since the last sample. Without it, a sleep in one of many short
// turns would be seen only if that turn happened to be sampled.
func (s *sampler) between(now time.Duration) {
	if gap := now - s.ended; s.ended > 0 && gap >= stallFrom {
		s.stall = max(s.stall, gap)
	}
}

func sampleMark(w *Worker) {
	w.timed = false
	s := &w.sampler
	s.ended = machine.Since()
	d := s.ended - s.from
	s.hist.Record(d, s.gap)
	s.gap = uint64(min(max(sampledEvery/max(d, 1), 1), maxGap))
	if s.gap > 1 && !w.role.whole { // uniform around the mean, to avoid aliasing with the load
		w.skip = w.rng.Uint64N(2*s.gap - 1)
	}
}

// paced sets a worker up for an open loop of rate turns per second. Each turn has a
// scheduled start, and its latency counts from there. So a stall shows in every turn that
// it delays.
func paced(rate float64, poisson bool) func(*Worker) {
	return func(w *Worker) {
		sampled(w)
		w.every, w.marked = paceTurn, paceMark
		w.sampler.service = new(histogram.Histogram)
		w.sampler.pace = time.Duration(float64(time.Second) / rate)
		w.sampler.poisson = poisson
	}
}

// spinFrom is how long before a scheduled start a worker stops sleeping and yields in a
// loop, because sleep overshoots.
const spinFrom = 300 * time.Microsecond

func paceTurn(w *Worker) {
	s := &w.sampler
	if s.due == 0 {
		s.due = machine.Since() + time.Duration(w.rng.Float64()*float64(s.pace)) // spread the workers' first turns
	}
	now := machine.Since()
	if now > s.due {
		s.late++
	}
	for now < s.due && w.phase.Load() != stop {
		if d := s.due - now - spinFrom; d > 0 {
			time.Sleep(d)
		} else {
			runtime.Gosched()
		}
		now = machine.Since()
	}
	s.from, s.start = s.due, now
	step := float64(s.pace)
	if s.poisson {
		step *= -math.Log(1 - w.rng.Float64())
	}
	s.due += max(time.Duration(step), 1)
	w.timed = w.at == measure
}

func paceMark(w *Worker) {
	w.timed = false
	s := &w.sampler
	now := machine.Since()
	s.hist.Record(now-s.from, 1)
	s.service.Record(now-s.start, 1)
}

// SampleTurns does n times what Next and Mark do for a sampled turn. The self test times
// it.
func SampleTurns(n int) {
	w := &Worker{at: measure, role: new(role), rng: rand.New(rand.NewPCG(1, 1))}
	sampled(w)
	for range n {
		sampleTurn(w)
		sampleMark(w)
	}
}
