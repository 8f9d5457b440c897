package harness

import (
	"math"
	"math/rand/v2"
	"runtime"
	"time"
)

// A sampler times some turns of a worker. After a short turn it passes over some, so that sampling costs a few per
// cent; after a long one it times the next, so that a wait of a second cannot fall between two samples.
// A sample stands for as many turns as its mean gap: the chance of being timed depends on earlier turns
// only, so the weighted histogram is that of all turns.
type sampler struct {
	hist    *histogram
	service *histogram    // open loop: from the real start; hist has the scheduled one
	gap     uint64        // mean turns from the last sample to the next
	begin   time.Duration // of the turn that is timed, as scheduled
	start   time.Duration // as begun
	pace    time.Duration // open loop: mean time between this worker's turns; 0 is closed
	poisson bool
	due     time.Duration
	late    uint64 // turns begun behind their schedule
}

const (
	longestGap = 64
	// sampledEvery is the time that should pass between two samples; one costs two clock reads.
	sampledEvery = 3 * time.Microsecond
)

// sampled sets a worker up for a latency or fairness window.
func sampled(w *Worker) {
	w.seen = never
	w.sampler = sampler{hist: new(histogram), gap: 1}
	w.every, w.marked = sampleTurn, sampleMark
}

func sampleTurn(w *Worker) {
	if w.at == measure {
		w.timed = true
		w.sampler.begin = since()
	}
}

func sampleMark(w *Worker) {
	w.timed = false
	s := &w.sampler
	d := since() - s.begin
	s.hist.record(d, s.gap)
	s.gap = uint64(min(max(sampledEvery/max(d, 1), 1), longestGap))
	if s.gap > 1 && !w.role.whole { // uniform around the mean, so that samples do not beat with the load
		w.skip = w.rng.Uint64N(2*s.gap - 1)
	}
}

// paced sets a worker up for an open loop: its turns are due at times drawn beforehand, at rate turns a
// second, and a latency runs from the time that was due, so that a stall shows in every turn that it
// delayed.
func paced(rate float64, poisson bool) func(*Worker) {
	return func(w *Worker) {
		sampled(w)
		w.every, w.marked = paceTurn, paceMark
		w.sampler.service = new(histogram)
		w.sampler.pace = time.Duration(float64(time.Second) / rate)
		w.sampler.poisson = poisson
	}
}

// spinFrom is how long before its slot a worker stops sleeping and yields in a loop: sleep overshoots.
const spinFrom = 300 * time.Microsecond

func paceTurn(w *Worker) {
	s := &w.sampler
	if s.due == 0 {
		s.due = since() + time.Duration(w.rng.Float64()*float64(s.pace)) // workers do not start together
	}
	now := since()
	if now > s.due {
		s.late++
	}
	for now < s.due && w.phase.Load() != stop {
		if d := s.due - now - spinFrom; d > 0 {
			time.Sleep(d)
		} else {
			runtime.Gosched()
		}
		now = since()
	}
	s.begin, s.start = s.due, now
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
	now := since()
	s.hist.record(now-s.begin, 1)
	s.service.record(now-s.start, 1)
}

// SampleTurns times n samples, for the self test: what Next and Mark do for a turn that is sampled.
func SampleTurns(n int) {
	w := &Worker{at: measure, role: new(role), rng: rand.New(rand.NewPCG(1, 1))}
	sampled(w)
	for range n {
		sampleTurn(w)
		sampleMark(w)
	}
}
