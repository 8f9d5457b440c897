package harness

import (
	"container/heap"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness/histogram"
	"github.com/contendbench/contend/harness/machine"
)

// A generator starts the turns of an open loop, for all workers of a role. At most one of
// the workers that wait for a slot is awake, the leader: the one whose slot is next. The
// others are parked, so they take no processor from the subject or from each other. A
// leader whose slot has come wakes the next one and starts its turn itself, because no
// other goroutine could start it as soon.
type generator struct {
	alarm  *machine.Alarm
	leader atomic.Pointer[pacer]
	spin   atomic.Int64 // ns before a slot at which the leader stops sleeping

	mu     sync.Mutex
	parked slots
}

const (
	// The leader yields in a loop for as long before its slot as its sleeps overshoot,
	// within these limits.
	leastSpin = 20 * time.Microsecond
	mostSpin  = 500 * time.Microsecond
	// spinDecay is how slowly the measured overshoot falls, so that it stays near the
	// largest of the last hundred sleeps.
	spinDecay = 64
	// longestSleep limits how late the leader sees the end of the window.
	longestSleep = 5 * time.Millisecond
)

func newGenerator() (*generator, error) {
	alarm, err := machine.NewAlarm()
	if err != nil {
		return nil, err
	}
	g := &generator{alarm: alarm}
	g.spin.Store(int64(mostSpin))
	return g, nil
}

// A pacer is the schedule of one worker in an open loop, and what became of it. A turn
// starts late for one of two reasons. Either the subject was busy with the worker's
// previous turn, or the generator came late. To tell them apart, the pacer computes when
// each turn would have started if the generator took no time at all.
type pacer struct {
	generator *generator
	pace      time.Duration // mean time between this worker's turns
	poisson   bool
	due       time.Duration // scheduled start of the next turn
	timer     *time.Timer
	wake      chan struct{} // has a token after the worker became the leader

	ideal time.Duration // when the current turn would have started without the generator's delay
	start time.Duration // when it started
	free  time.Duration // when the worker would have been free without the generator's delay

	service *histogram.Histogram // latencies from the actual start
	behind  uint64               // turns that were due before the worker would have been free
	delay   *histogram.Histogram // of all turns, by the generator
	delayed uint64               // turns that the generator delayed by more than onTime
}

// onTime is the delay up to which the generator counts as punctual.
const onTime = time.Microsecond

// paced sets a worker up for an open loop of rate turns per second. Each turn has a
// scheduled start, and its latency counts from there. So a stall shows in every turn that
// it delays.
func paced(g *generator, rate float64, poisson bool) func(*Worker) {
	return func(w *Worker) {
		sampled(w)
		w.every, w.marked = paceTurn, paceMark
		pace := time.Duration(float64(time.Second) / rate)
		timer := time.NewTimer(0)
		timer.Stop()
		w.pacer = &pacer{
			generator: g, pace: pace, poisson: poisson, timer: timer, wake: make(chan struct{}, 1),
			service: new(histogram.Histogram), delay: new(histogram.Histogram),
		}
	}
}

// first returns the time to the worker's first slot. The slots of all workers then have
// the intended rate from the start.
func (p *pacer) first(rng *rand.Rand) time.Duration {
	if p.poisson {
		return p.step(rng)
	}
	return 1 + time.Duration(rng.Float64()*float64(p.pace))
}

// step returns the time from one slot to the next.
func (p *pacer) step(rng *rand.Rand) time.Duration {
	step := float64(p.pace)
	if p.poisson {
		step *= rng.ExpFloat64()
	}
	return max(time.Duration(step), 1)
}

// await waits for the worker's next slot, or for the stop.
func (p *pacer) await(w *Worker) {
	now := machine.Since()
	if p.due == 0 {
		p.due = now + p.first(w.rng)
	} else {
		p.end(now)
	}
	if now < p.due {
		p.generator.wait(w)
		now = machine.Since()
	}
	p.begin(now)
}

// begin notes that the turn that is due starts now.
func (p *pacer) begin(now time.Duration) { p.ideal, p.start = max(p.due, p.free), now }

// end notes that the turn is over. Without the generator's delay it would have been over
// earlier by as much.
func (p *pacer) end(now time.Duration) { p.free = p.ideal + now - p.start }

// paceTurn starts a turn whose slot has come.
func paceTurn(w *Worker) {
	p := w.pacer
	w.sampler.from = p.due
	if w.timed = w.at == measure; w.timed {
		p.count()
	}
	p.due += p.step(w.rng)
}

// count records why the turn that has begun is late.
func (p *pacer) count() {
	delay := p.start - p.ideal
	p.delay.Record(delay, 1)
	if delay > onTime {
		p.delayed++
	}
	if p.free > p.due {
		p.behind++
	}
}

func paceMark(w *Worker) {
	w.timed = false
	now := machine.Since()
	w.sampler.hist.Record(now-w.sampler.from, 1)
	w.pacer.service.Record(now-w.pacer.start, 1)
}

// wait returns when the worker's slot has come or its phase is stop.
func (g *generator) wait(w *Worker) {
	p := w.pacer
	g.enter(p)
	for {
		for g.leader.Load() != p {
			<-p.wake
		}
		left := p.due - machine.Since()
		switch {
		case left <= 0 || w.phase.Load() == stop:
			if g.leave(p) {
				return
			}
		case left > time.Duration(g.spin.Load()):
			if err := g.sleep(p, left); err != nil {
				w.Fail(err)
			}
		default:
			runtime.Gosched()
		}
	}
}

// enter makes p the leader if its slot is the next one, and parks it otherwise. A leader
// that it replaces sees that later.
func (g *generator) enter(p *pacer) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch leader := g.leader.Load(); {
	case leader == nil:
		g.leader.Store(p)
	case p.due < leader.due:
		heap.Push(&g.parked, leader)
		g.leader.Store(p)
	default:
		heap.Push(&g.parked, p)
	}
}

// leave makes the parked worker with the next slot the leader. It returns false if p is
// no longer the leader.
func (g *generator) leave(p *pacer) bool {
	g.mu.Lock()
	if g.leader.Load() != p {
		g.mu.Unlock()
		return false
	}
	var next *pacer
	if len(g.parked) > 0 {
		next = heap.Pop(&g.parked).(*pacer)
	}
	g.leader.Store(next)
	g.mu.Unlock()
	if next != nil {
		select {
		case next.wake <- struct{}{}:
		default: // it has a token from an earlier time
		}
	}
	return true
}

// sleep lets the leader sleep until shortly before its slot. It learns from the overshoot
// how long before.
func (g *generator) sleep(p *pacer, left time.Duration) error {
	spin := time.Duration(g.spin.Load())
	d := min(left-spin, longestSleep)
	from := machine.Since()
	p.timer.Reset(d)
	err := g.alarm.Set(d)
	select {
	case <-p.timer.C:
		over := machine.Since() - from - d
		spin = max(over, spin-(spin-over)/spinDecay)
		g.spin.Store(int64(min(max(spin, leastSpin), mostSpin)))
	case <-p.wake: // it had lost the lead, and may have it again
		p.timer.Stop()
	}
	return err
}

// slots is a heap of waiting workers, the one with the next slot first.
type slots []*pacer

func (s slots) Len() int           { return len(s) }
func (s slots) Less(i, j int) bool { return s[i].due < s[j].due }
func (s slots) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s *slots) Push(p any)        { *s = append(*s, p.(*pacer)) }

func (s *slots) Pop() any {
	last := len(*s) - 1
	p := (*s)[last]
	*s = (*s)[:last]
	return p
}
