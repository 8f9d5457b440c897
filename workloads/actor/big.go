package actor

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
)

var (
	bigActors = size("actors", "actors", 120)
	bigPings  = size("pings", "messages of each actor, each of which is answered", 20_000)
)

// big has actors send to random others, and wait for the answer each time: many to many.
var big = program{
	name: "big", about: "actors send to random others and wait for the answers (Savina: Big)",
	params: []harness.AnyParam{bigActors, bigPings}, per: per("ping"), curve: bigActors,
	points: harness.Points{
		Standard: []harness.Grid{harness.Over(bigActors.In(8, 120), bigPings.In(1000))},
		Full:     []harness.Grid{harness.Over()},
		Stress: []harness.Grid{harness.Over(
			harness.Within(bigActors, 1, 200), harness.Within(bigPings, 1, 50), fewDispatchers)},
	},
	prepare: func(t *harness.Trial) run {
		n, each := bigActors.Of(t), bigPings.Of(t)
		return run{units: n * each, play: func(s *stage) func() error { return playBig(s, n, each) }}
	},
}

// bigPing is the message of an actor. It has one, which comes back with the answer.
type bigPing struct {
	from, to int
	by       int // the actor that answered; -1: none
}

func playBig(s *stage, n, each int) func() error {
	refs := make([]actors.Ref, n)
	sent, answered := make([]int, n), make([]int, n)
	done := 0
	sink := s.spawn(n, func(actors.Context, any) {
		if done++; done == n {
			s.finish()
		}
	})
	for i := range refs {
		rng := rand.New(rand.NewPCG(uint64(n), uint64(i)))
		next := func(p *bigPing) {
			if sent[i] == each {
				s.tell(sink, starts{})
				return
			}
			sent[i]++
			p.to, p.by = rng.IntN(n), -1
			s.tell(refs[p.to], p)
		}
		refs[i] = s.spawn(n+1, func(_ actors.Context, m any) {
			switch p := m.(*bigPing); {
			case p.by < 0 && p.to == i:
				answered[i]++
				p.by = i
				s.tell(refs[p.from], p)
			case p.by == p.to && p.from == i:
				next(p)
			default:
				s.fail(fmt.Errorf("actor %d got the message of %d to %d, which %d had answered", i, p.from, p.to, p.by))
			}
		})
	}
	for i := range refs { // as if its first message were answered
		s.tell(refs[i], &bigPing{from: i})
	}
	return func() error {
		errs, all := []error(nil), 0
		for i := range refs {
			errs = append(errs, differs("messages of an actor", sent[i], each))
			all += answered[i]
		}
		return errors.Join(append(errs, differs("answers", all, n*each))...)
	}
}
