package harness

import (
	"math/rand/v2"
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
	hist  *histogram.Histogram
	gap   uint64        // mean turns from the last sample to the next
	from  time.Duration // start of the timed turn, in an open loop the scheduled one
	ended time.Duration // end of the last timed turn; 0: none yet
	stall time.Duration // longest time between two samples, if the skipped turns do not explain it
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
