package actor

import (
	"errors"

	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
)

var (
	candidates = harness.Param[int]{
		Key: "numbers", About: "primes below this number are sought, 3 to 10000000", Default: 100_000,
		Valid: harness.Between(3, 10_000_000),
	}
	filterPrimes = size("primes", "primes that an actor has", 1000)
)

// sieve is a pipeline of actors, each with some primes. A number that none of them divides
// goes on to the next, and the last one keeps it or spawns one more.
var sieve = program{
	name: "sieve", about: "numbers go through actors with primes, until one divides them (Savina: Sieve)",
	params: []harness.AnyParam{candidates, filterPrimes}, per: per("number"), floods: true, curve: candidates,
	points: harness.Points{
		Standard: []harness.Grid{harness.Over(candidates.In(10_000), filterPrimes.In(100, 1000))},
		Full:     []harness.Grid{harness.Over()},
		Stress: []harness.Grid{harness.Over(
			harness.Within(candidates, 3, 3000), filterPrimes.In(1, 5, 50), fewDispatchers)},
	},
	prepare: func(t *harness.Trial) run {
		n, each := candidates.Of(t), filterPrimes.Of(t)
		count, sum := primesBelow(n)
		return run{units: n / 2, play: func(s *stage) func() error {
			total := new(primeSum)
			f := &filter{stage: s, primes: []int{2}, most: each, total: total}
			first := s.spawn(flooded, f.receive)
			for v := 3; v < n; v += 2 {
				s.tell(first, v)
			}
			s.tell(first, primeSum{})
			return func() error {
				return errors.Join(differs("primes", total.count, count), differs("sum of the primes", total.sum, sum))
			}
		}}
	},
}

// primeSum goes through the pipeline after the numbers, and adds up the primes.
type primeSum struct{ count, sum int }

// filter is the state of an actor.
type filter struct {
	stage  *stage
	primes []int
	most   int
	next   actors.Ref
	total  *primeSum // the last one writes it
}

func (f *filter) receive(c actors.Context, m any) {
	switch m := m.(type) {
	case int:
		f.sift(c, m)
	case primeSum:
		for _, p := range f.primes {
			m.count++
			m.sum += p
		}
		if f.next != nil {
			f.stage.tell(f.next, m)
			return
		}
		*f.total = m
		f.stage.finish()
	}
}

func (f *filter) sift(c actors.Context, v int) {
	for _, p := range f.primes {
		if v%p == 0 {
			return
		}
	}
	switch {
	case len(f.primes) < f.most:
		f.primes = append(f.primes, v)
	case f.next != nil:
		f.stage.tell(f.next, v)
	default:
		next := &filter{stage: f.stage, primes: []int{v}, most: f.most, total: f.total}
		f.next = c.Spawn(props(flooded, next.receive))
	}
}

// primesBelow counts and adds up the primes below n, by the sieve on an array.
func primesBelow(n int) (count, sum int) {
	composite := make([]bool, n)
	for v := 2; v < n; v++ {
		if composite[v] {
			continue
		}
		count++
		sum += v
		for w := v * v; w < n; w += v {
			composite[w] = true
		}
	}
	return count, sum
}
