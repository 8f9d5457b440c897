package actor

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/machine"
	actors "github.com/contendbench/contend/impls/actor"
)

var (
	smokerCount  = size("actors", "smokers", 200)
	smokerRounds = size("rounds", "times that the arbiter picks a smoker", 1000)
)

// smokers are picked by an arbiter, one after the other. Each works after it has said that
// it smokes.
var smokers = program{
	name: "smokers", about: "an arbiter has one smoker after the other start (Savina: Cigarette Smokers)",
	params: []harness.AnyParam{smokerCount, smokerRounds}, per: per("round"),
	points: harness.Points{
		Standard: []harness.Grid{harness.Over()},
		Stress: []harness.Grid{harness.Over(
			harness.Within(smokerCount, 1, 200), harness.Within(smokerRounds, 1, 200), fewDispatchers)},
	},
	prepare: func(t *harness.Trial) run {
		n, rounds := smokerCount.Of(t), smokerRounds.Of(t)
		return run{units: rounds, play: func(s *stage) func() error { return playSmokers(s, n, rounds) }}
	},
}

// smoke is the message to a smoker: how many steps it works, and what its state must be.
type smoke struct{ steps, before int }

// smokes is the answer of smoker number.
type smokes struct{ number, times int }

// smokeSteps bounds the work of a smoker.
const smokeSteps = 1000

func playSmokers(s *stage, n, rounds int) func() error {
	refs, picked := make([]actors.Ref, n), make([]int, n)
	smoked, spins := make([]int, n), make([]uint64, n)
	rng := rand.New(rand.NewPCG(uint64(n), uint64(rounds)))
	left, at := rounds, 0
	arbiter := s.spawn(2, func(_ actors.Context, m any) {
		if answer, ok := m.(smokes); ok && (answer.number != at || answer.times != picked[at]) {
			s.fail(fmt.Errorf("smoker %d said that it smokes for the %dth time, want smoker %d for the %dth time",
				answer.number, answer.times, at, picked[at]))
		}
		if left == 0 {
			s.finish()
			return
		}
		left--
		at = rng.IntN(n)
		s.tell(refs[at], smoke{10 + rng.IntN(smokeSteps), picked[at]})
		picked[at]++
	})
	for i := range refs {
		refs[i] = s.spawn(rounds, func(_ actors.Context, m any) {
			k := m.(smoke)
			if k.before != smoked[i] {
				s.fail(fmt.Errorf("smoker %d: got message %d after %d others", i, k.before, smoked[i]))
			}
			smoked[i]++
			s.tell(arbiter, smokes{i, smoked[i]})
			spins[i] = machine.Spin(spins[i], k.steps)
		})
	}
	s.tell(arbiter, starts{})
	return func() error {
		errs, all := []error(nil), 0
		for i := range refs {
			errs = append(errs, differs("times that a smoker smoked", smoked[i], picked[i]))
			all += smoked[i]
		}
		return errors.Join(append(errs, differs("rounds", all, rounds))...)
	}
}
