package actor

import (
	"fmt"
	"math"

	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
)

var created = size("actors", "actors", 40_000)

// creation spawns actors that handle one message each, and stop.
var creation = program{
	name: "fork-join-creation", about: "actors are spawned, handle a message and stop (Savina: Fork Join, creation)",
	params: []harness.AnyParam{created}, per: perActor, curve: created,
	points: harness.Points{
		Quick:    []harness.Grid{harness.Over(created.In(4000))},
		Standard: []harness.Grid{harness.Over(created.In(1000, 10_000, 40_000))},
		Stress:   []harness.Grid{harness.Over(harness.Within(created, 1, 3000), fewDispatchers)},
	},
	prepare: func(t *harness.Trial) run {
		n := created.Of(t)
		return run{units: n, play: func(s *stage) func() error { return playCreation(s, n) }}
	},
}

func playCreation(s *stage, n int) func() error {
	results := make([]float64, n)
	for i := range results {
		ref := s.spawn(1, func(c actors.Context, m any) {
			results[i] += math.Sin(m.(float64))
			c.Stop()
		})
		s.tell(ref, angle)
	}
	s.finish()
	return func() error {
		for i, r := range results {
			if want := math.Sin(angle); r != want {
				return fmt.Errorf("actor %d of %d: got sum %v, want one message and %v", i, n, r, want)
			}
		}
		return nil
	}
}
