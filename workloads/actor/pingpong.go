package actor

import (
	"errors"

	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
)

var pings = size("pings", "messages from the first actor, each of which is returned", 40_000)

// pingPong hands one ball to and fro: at any time, one actor has a message. Its number of
// hits is plain data.
var pingPong = program{
	name: "pingpong", about: "two actors send one message to and fro (Savina: Ping Pong)",
	params: []harness.AnyParam{pings}, per: perMessage, curve: pings,
	points: harness.Points{
		Standard: []harness.Grid{harness.Over(), harness.Over(dispatchers.In(1))},
		Stress:   []harness.Grid{harness.Over(harness.Within(pings, 1, 1000), fewDispatchers)},
	},
	prepare: func(t *harness.Trial) run {
		n := pings.Of(t)
		return run{units: 2 * n, play: func(s *stage) func() error { return playPingPong(s, n) }}
	},
}

// ball is the message of pingPong.
type ball struct{ hits int }

var errTwoBalls = errors.New("the ball came at the wrong time")

func playPingPong(s *stage, n int) func() error {
	var ping, pong actors.Ref
	sent, returned := 0, 0
	ping = s.spawn(1, func(_ actors.Context, m any) {
		b := m.(*ball)
		if b.hits != 2*sent {
			s.fail(errTwoBalls)
			return
		}
		if sent == n {
			s.finish()
			return
		}
		sent++
		b.hits++
		s.tell(pong, b)
	})
	pong = s.spawn(1, func(_ actors.Context, m any) {
		b := m.(*ball)
		b.hits++
		returned++
		s.tell(ping, b)
	})
	b := new(ball)
	s.tell(ping, b)
	return func() error {
		return errors.Join(differs("balls returned", returned, n), differs("hits of the ball", b.hits, 2*n))
	}
}
