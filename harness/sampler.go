package harness

import (
	"math"
	"runtime"
	"time"
)

// A sampler times some turns of a worker. The mean gap between two samples is fixed for a window, from
// how fast the worker went during the warm-up, so that sampling costs a few per cent of a short turn
// and every long turn is timed: a wait of a second must not fall between two samples. A sample
// stands for as many turns as the gap, so that workers of different pace merge rightly.
type sampler struct {
	hist    *histogram
	service *histogram // open loop: from the real start; hist has the scheduled one
	gap     uint64     // mean turns between samples, 0 until the warm-up's end
	left    uint64
	begin   time.Duration // of the turn that is timed, as scheduled
	start   time.Duration // as begun
	warmed  time.Duration // when the worker began its warm-up
	pace    time.Duration // open loop: mean time between this worker's turns; 0 is closed
	poisson bool
	due     time.Duration
	late    uint64 // turns begun behind their schedule
}

const (
	longestGap = 64
	// sampledEvery is the time that should pass between two samples; two clock reads are 50 ns.
	sampledEvery = 3 * time.Microsecond
)

// sampled sets a worker up for a latency or fairness window.
func sampled(w *Worker) {
	w.seen = never
	w.sampler.hist = new(histogram)
	w.every, w.marked = sampleTurn, sampleMark
}

func sampleTurn(w *Worker) {
	s := &w.sampler
	switch {
	case w.at < measure:
		if s.warmed == 0 {
			s.warmed = since()
		}
		return
	case w.at == measure && s.gap == 0:
		s.gap = gapFor(since()-s.warmed, w.n)
		s.left = s.nextGap(w)
	case w.at > measure:
		return
	}
	if s.left--; s.left > 0 {
		return
	}
	s.left = s.nextGap(w)
	w.timed = true
	s.begin = since()
}

// gapFor returns the mean gap for a worker that made n turns in d.
func gapFor(d time.Duration, n uint64) uint64 {
	if n == 0 || d <= 0 {
		return 1
	}
	turn := max(d/time.Duration(n), 1)
	return uint64(min(max(sampledEvery/turn, 1), longestGap))
}

// nextGap is uniform from 1 to twice the mean, so that samples do not beat with the load.
func (s *sampler) nextGap(w *Worker) uint64 {
	if s.gap == 1 {
		return 1
	}
	return 1 + w.rng.Uint64N(2*s.gap-1)
}

func sampleMark(w *Worker) {
	w.timed = false
	s := &w.sampler
	now := since()
	s.hist.record(now-s.begin, s.gap)
	if s.service != nil {
		s.service.record(now-s.start, 1)
	}
}

// paced sets a worker up for an open loop: its turns are due at times drawn beforehand, at rate turns a
// second, and a latency runs from the time that was due, so that a stall shows in every turn that it
// delayed.
func paced(rate float64, poisson bool) func(*Worker) {
	return func(w *Worker) {
		sampled(w)
		w.every = paceTurn
		w.sampler.service = new(histogram)
		w.sampler.gap = 1
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

// SampleTurns times n samples, for the self test: what Next and Mark do for a turn that is sampled.
func SampleTurns(n int) {
	w := &Worker{at: measure}
	sampled(w)
	w.sampler.gap, w.sampler.left = 1, 1
	for range n {
		sampleTurn(w)
		sampleMark(w)
	}
}
