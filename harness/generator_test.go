package harness

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/contendbench/contend/harness/histogram"
)

// A turn is late because the worker's previous turn took long, or because the generator
// came late. A delay by the generator also makes later turns late, and still counts as
// the generator's.
func TestWhyATurnIsLate(t *testing.T) {
	type turn struct{ due, start, end time.Duration }
	for _, c := range []struct {
		name   string
		turns  []turn
		delays []time.Duration // by the generator
		behind uint64
	}{
		{"on time", []turn{{100, 100, 110}, {200, 200, 210}}, []time.Duration{0, 0}, 0},
		{"late generator", []turn{{100, 130, 140}, {200, 200, 210}}, []time.Duration{30, 0}, 0},
		{"busy subject", []turn{{100, 100, 250}, {200, 250, 260}}, []time.Duration{0, 0}, 1},
		{"a delay that makes two turns late", []turn{{100, 180, 190}, {120, 190, 200}}, []time.Duration{80, 70}, 0},
		{"both", []turn{{100, 150, 350}, {200, 350, 360}}, []time.Duration{50, 50}, 1},
		{
			"a generator that is too slow",
			[]turn{{100, 100, 110}, {110, 130, 140}, {120, 160, 170}},
			[]time.Duration{0, 20, 40},
			0,
		},
	} {
		p := &pacer{delay: new(histogram.Histogram)}
		for i, u := range c.turns {
			p.due = u.due
			p.begin(u.start)
			p.count()
			if got := p.start - p.ideal; got != c.delays[i] {
				t.Errorf("%s, turn %d: got a delay of %d by the generator, want %d", c.name, i, got, c.delays[i])
			}
			p.end(u.end)
		}
		if p.behind != c.behind {
			t.Errorf("%s: got %d turns late by the subject, want %d", c.name, p.behind, c.behind)
		}
	}
}

// The slots have the intended rate from the first moment on, since a window of a slow
// worker sees only its first slots.
func TestSlotsHaveTheRateFromTheStart(t *testing.T) {
	const workers, pace = 100_000, time.Second
	for _, poisson := range []bool{true, false} {
		rng := rand.New(rand.NewPCG(1, 1))
		p := &pacer{pace: pace, poisson: poisson}
		for _, length := range []time.Duration{pace / 10, pace, 3 * pace} {
			slots := 0
			for range workers {
				for at := p.first(rng); at < length; at += p.step(rng) {
					slots++
				}
			}
			want := workers * length.Seconds()
			if math.Abs(float64(slots)-want) > 5*math.Sqrt(want) {
				t.Errorf("poisson %v: got %d slots in %v, want %.0f", poisson, slots, length, want)
			}
		}
	}
}

// The worker with the next slot leads; a leader that loses the lead comes back in its
// turn.
func TestTheNextSlotLeads(t *testing.T) {
	g := new(generator)
	var all []*pacer
	for _, due := range []time.Duration{50, 20, 30, 10, 40} {
		p := &pacer{due: due, wake: make(chan struct{}, 1)}
		all = append(all, p)
		g.enter(p)
	}
	if g.leave(all[0]) {
		t.Error("got a parked worker that leaves, want only the leader to")
	}
	for _, due := range []time.Duration{10, 20, 30, 40, 50} {
		leader := g.leader.Load()
		if leader == nil || leader.due != due {
			t.Fatalf("got leader %+v, want the one due at %d", leader, due)
		}
		if due > 10 {
			select {
			case <-leader.wake:
			default:
				t.Errorf("due at %d: got no token, want one to wake it", due)
			}
		}
		if !g.leave(leader) {
			t.Errorf("due at %d: got a leader that may not leave, want it to", due)
		}
	}
	if leader := g.leader.Load(); leader != nil {
		t.Errorf("got leader %+v after all have left, want none", leader)
	}
}
