package actor

import (
	"fmt"

	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
)

var increments = size("messages", "messages to the actor that counts", 1_000_000)

// counting sends messages one way, as fast as the producer can. The actor that counts
// checks their order by their numbers modulo 256: numbers of a byte need no memory.
var counting = program{
	name: "counting", about: "an actor sends messages to an actor that counts them (Savina: Counting Actor)",
	params: []harness.AnyParam{increments}, per: perMessage, floods: true, curve: increments,
	points: harness.Points{
		Quick:    []harness.Grid{harness.Over(increments.In(100_000))},
		Standard: []harness.Grid{harness.Over(increments.In(10_000, 100_000, 1_000_000))},
		Stress:   []harness.Grid{harness.Over(harness.Within(increments, 1, 20_000), fewDispatchers)},
	},
	prepare: func(t *harness.Trial) run {
		n := increments.Of(t)
		return run{units: n, play: func(s *stage) func() error { return playCounting(s, n) }}
	},
}

type (
	increment uint8                // the number of the message, modulo 256
	retrieve  struct{ actors.Ref } // asks for the count
)

func playCounting(s *stage, n int) func() error {
	count, reported := 0, -1
	counter := s.spawn(flooded, func(_ actors.Context, m any) {
		switch m := m.(type) {
		case increment:
			if m != increment(count) {
				s.fail(fmt.Errorf("message %d was not the next one of its sender", count))
			}
			count++
		case retrieve:
			s.tell(m.Ref, count)
		}
	})
	producer := s.spawn(flooded, func(c actors.Context, m any) {
		switch m := m.(type) {
		case starts:
			for i := range n {
				s.tell(counter, increment(i))
			}
			s.tell(counter, retrieve{c.Self()})
		case int:
			reported = m
			s.finish()
		}
	})
	s.tell(producer, starts{})
	return func() error { return differs("messages counted", reported, n) }
}

// starts has an actor start.
type starts struct{}
