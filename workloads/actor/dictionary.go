package actor

import (
	"fmt"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
)

var (
	clients  = size("actors", "actors that use the structure", 20)
	requests = size("requests", "requests of each actor", 10_000)
	writes   = harness.Param[int]{
		Key: "writes-pct", About: "requests that write, percent, 0 to 100", Default: 10, Valid: harness.Between(0, 100),
	}

	perRequest = per("request")

	structureParams = []harness.AnyParam{clients, requests, writes}
	structurePoints = harness.Points{
		Standard: []harness.Grid{harness.Over(requests.In(1000))},
		Full:     []harness.Grid{harness.Over()},
		Stress: []harness.Grid{harness.Over(
			harness.Within(clients, 1, 60), harness.Within(requests, 1, 100), writes.In(1, 10, 50), fewDispatchers)},
	}
)

// dictionary is one actor with a map, and many that read and write it.
var dictionary = program{
	name: "dictionary", about: "actors read and write the map of one actor (Savina: Concurrent Dictionary)",
	params: structureParams, per: perRequest, points: structurePoints,
	prepare: func(t *harness.Trial) run {
		n, each, pct := clients.Of(t), requests.Of(t), writes.Of(t)
		return run{units: n * each, play: func(s *stage) func() error { return playDictionary(s, n, each, pct) }}
	},
}

// keys is how many keys the dictionary has.
const keys = 512

// entry is a request to the dictionary, and then its reply: the value before.
type entry struct {
	from       actors.Ref
	write      bool
	key, value int
}

func playDictionary(s *stage, n, each, pct int) func() error {
	values := map[int]int{}
	server := s.spawn(n, func(_ actors.Context, m any) {
		e := m.(*entry)
		before := values[e.key]
		if e.write {
			values[e.key] = e.value
		}
		e.value = before
		s.tell(e.from, e)
	})
	written, replaced := make([]int, n), make([]int, n)
	done := s.spawn(n, countTo(s, n))
	for i := range n {
		rng := rand.New(rand.NewPCG(uint64(n), uint64(i)))
		sent := 0
		client := s.spawn(1, func(_ actors.Context, m any) {
			e := m.(*entry)
			if e.value%keys != e.key && e.value != 0 {
				s.fail(fmt.Errorf("key %d: got %d, which was never written to it", e.key, e.value))
			}
			if e.write {
				replaced[i] += e.value
			}
			if sent++; sent > each {
				s.tell(done, starts{})
				return
			}
			e.key, e.write = rng.IntN(keys), rng.IntN(100) < pct
			if e.write {
				e.value = (i*each+sent)*keys + e.key
				written[i] += e.value
			}
			s.tell(server, e)
		})
		s.tell(client, &entry{from: client})
	}
	return func() error {
		in, out := 0, 0
		for i := range n {
			in += written[i]
			out += replaced[i]
		}
		for _, v := range values {
			out += v
		}
		return differs("sum of the values replaced and left", out, in)
	}
}

// countTo is an actor that ends the program at its message number n.
func countTo(s *stage, n int) actors.Func {
	count := 0
	return func(actors.Context, any) {
		if count++; count == n {
			s.finish()
		}
	}
}
