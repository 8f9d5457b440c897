package actor

import (
	"fmt"
	"math"

	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
)

var (
	forks     = size("actors", "actors", 60)
	forkSends = size("messages", "messages to each actor", 10_000)
)

// throughput sends messages to many actors in turn. Each computes a sine for every
// message, and stops itself after the last.
var throughput = program{
	name: "fork-join-throughput", about: "messages go to many actors in turn (Savina: Fork Join, throughput)",
	params: []harness.AnyParam{forks, forkSends}, per: perMessage, floods: true, curve: forks,
	points: harness.Points{
		Quick:    []harness.Grid{harness.Over(forkSends.In(1000))},
		Standard: []harness.Grid{harness.Over(forks.In(1, 8, 60), forkSends.In(10_000))},
		Stress: []harness.Grid{harness.Over(
			harness.Within(forks, 1, 200), harness.Within(forkSends, 1, 300), fewDispatchers)},
	},
	prepare: func(t *harness.Trial) run {
		n, each := forks.Of(t), forkSends.Of(t)
		return run{units: n * each, play: func(s *stage) func() error { return playThroughput(s, n, each) }}
	},
}

// angle is what Savina computes the sine of, for each message.
const angle = 37.2

func playThroughput(s *stage, n, each int) func() error {
	type work struct {
		count int
		sum   float64
	}
	works := make([]work, n)
	for i := range works {
		w := &works[i]
		s.spawn(flooded, func(c actors.Context, m any) {
			if m.(increment) != increment(w.count) {
				s.fail(fmt.Errorf("message %d to actor %d was not the next one", w.count, i))
			}
			w.sum += math.Sin(angle)
			if w.count++; w.count == each {
				c.Stop()
			}
		})
	}
	for m := range each {
		for _, ref := range s.top {
			s.tell(ref, increment(m))
		}
	}
	s.finish()
	return func() error {
		want := 0.0
		for range each {
			want += math.Sin(angle)
		}
		for i, w := range works {
			if w.count != each || w.sum != want {
				return fmt.Errorf("actor %d: got %d messages and sum %v, want %d and %v", i, w.count, w.sum, each, want)
			}
		}
		return nil
	}
}
