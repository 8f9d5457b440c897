package actor

import (
	"errors"
	"fmt"

	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
)

var (
	ringActors = size("actors", "actors of the ring", 100)
	hops       = size("hops", "hops of the token", 100_000)
)

// ring passes a token around.
var ring = program{
	name: "thread-ring", about: "a token goes around a ring of actors (Savina: Thread Ring)",
	params: []harness.AnyParam{ringActors, hops}, per: perMessage, curve: ringActors,
	points: harness.Points{
		Standard: []harness.Grid{harness.Over(ringActors.In(2, 10, 100, 1000))},
		Stress: []harness.Grid{harness.Over(
			harness.Within(ringActors, 1, 500), harness.Within(hops, 1, 2000), fewDispatchers)},
	},
	prepare: func(t *harness.Trial) run {
		n, r := ringActors.Of(t), hops.Of(t)
		return run{units: r, play: func(s *stage) func() error { return playRing(s, n, r) }}
	},
}

// token is the message of the ring. One actor has it at a time.
type token struct{ left int }

func playRing(s *stage, n, hops int) func() error {
	refs, visits := make([]actors.Ref, n), make([]int, n)
	last := -1
	for i := range refs {
		refs[i] = s.spawn(1, func(_ actors.Context, m any) {
			k := m.(*token)
			visits[i]++
			if k.left == 0 {
				last = i
				s.finish()
				return
			}
			k.left--
			s.tell(refs[(i+1)%n], k)
		})
	}
	s.tell(refs[0], &token{left: hops})
	return func() error {
		errs := []error{differs("actor with the token at the end", last, hops%n)}
		for i, got := range visits {
			if want := (hops - i + n) / n; got != want {
				errs = append(errs, fmt.Errorf("actor %d: got the token %d times, want %d", i, got, want))
			}
		}
		return errors.Join(errs...)
	}
}
