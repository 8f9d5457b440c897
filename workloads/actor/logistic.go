package actor

import (
	"errors"
	"fmt"

	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
)

var (
	series = size("series", "series, each of two actors", 10)
	terms  = size("terms", "terms of each series", 25_000)
)

// logistic computes series of the logistic map. An actor asks another one for each next
// term, and puts aside what comes while it waits.
var logistic = program{
	name: "logistic-map", about: "actors have others compute the next terms of series (Savina: Logistic Map Series)",
	params: []harness.AnyParam{series, terms}, per: per("term"), floods: true, curve: series,
	points: harness.Points{
		Standard: []harness.Grid{harness.Over(terms.In(5000))},
		Full:     []harness.Grid{harness.Over()},
		Stress: []harness.Grid{harness.Over(
			harness.Within(series, 1, 50), harness.Within(terms, 1, 300), fewDispatchers)},
	},
	prepare: func(t *harness.Trial) run {
		n, each := series.Of(t), terms.Of(t)
		return run{units: n * each, play: func(s *stage) func() error { return playLogistic(s, n, each) }}
	},
}

// rateOf is the rate of a series, as in Savina. firstTerm is between 0 and 1, and another
// one in each series.
func rateOf(i int) float64       { return 3.46 + float64(i)*0.0025 }
func firstTerm(i, n int) float64 { return float64(i+1) / float64(n+1) }

// nextTerm is not inlined, so that all of its callers round alike.
//
//go:noinline
func nextTerm(rate, x float64) float64 { return rate * x * (1 - x) }

// term goes from a series to its computer and back.
type term struct {
	from actors.Ref
	x    float64
}

// another asks a series for its next term.
type another struct{}

func playLogistic(s *stage, n, each int) func() error {
	workers, last := make([]actors.Ref, n), make([]float64, n)
	done := s.spawn(n, countTo(s, n))
	for i := range workers {
		rate := rateOf(i)
		computer := s.spawn(1, func(_ actors.Context, m any) {
			k := m.(*term)
			k.x = nextTerm(rate, k.x)
			s.tell(k.from, k)
		})
		k := &term{x: firstTerm(i, n)}
		computed, aside := 0, 0
		workers[i] = s.spawn(flooded, func(c actors.Context, m any) {
			answer, ok := m.(*term)
			switch {
			case ok:
				if computed++; computed == each {
					last[i] = answer.x
					s.tell(done, starts{})
					return
				}
			case k == nil: // it waits for its computer
				aside++
				return
			default:
				answer, k = k, nil
				answer.from = c.Self()
				s.tell(computer, answer)
				return
			}
			if k = answer; aside > 0 {
				aside--
				k = nil
				s.tell(computer, answer)
			}
		})
	}
	for range each {
		for _, w := range workers {
			s.tell(w, another{})
		}
	}
	return func() error { return checkLogistic(last, each) }
}

// checkLogistic computes the series again, one after the other.
func checkLogistic(last []float64, each int) error {
	var errs []error
	for i, got := range last {
		want := firstTerm(i, len(last))
		for range each {
			want = nextTerm(rateOf(i), want)
		}
		if got != want {
			errs = append(errs, fmt.Errorf("series %d: got %v as its last term, want %v", i, got, want))
		}
	}
	return errors.Join(errs...)
}
