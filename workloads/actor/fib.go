package actor

import (
	"github.com/contendbench/contend/harness"
	actors "github.com/contendbench/contend/impls/actor"
)

var fibN = harness.Param[int]{
	Key: "n", About: "index of the Fibonacci number, 1 to 32", Default: 25, Valid: harness.Between(1, 32),
}

// fib computes a Fibonacci number with two children for each actor: a tree of short lives.
var fib = program{
	name: "fib", about: "each actor spawns two for the smaller numbers, and adds their answers (Savina: Fibonacci)",
	params: []harness.AnyParam{fibN}, per: perActor, curve: fibN,
	points: harness.Points{
		Standard: []harness.Grid{harness.Over(fibN.In(15, 20))},
		Full:     []harness.Grid{harness.Over()},
		Stress:   []harness.Grid{harness.Over(harness.Within(fibN, 1, 14), fewDispatchers)},
	},
	prepare: func(t *harness.Trial) run {
		n := fibN.Of(t)
		want := fibonacci(n)
		return run{units: 2*want - 1, play: func(s *stage) func() error {
			got := 0
			result := s.spawn(1, func(_ actors.Context, m any) {
				got = m.(int)
				s.finish()
			})
			f := &fibActor{stage: s, parent: result}
			s.tell(s.spawn(2, f.receive), order(n))
			return func() error { return differs("Fibonacci number", got, want) }
		}}
	},
}

// fibActor is the state of an actor.
type fibActor struct {
	stage   *stage
	parent  actors.Ref
	answers int
	sum     int
}

// order asks for a Fibonacci number. The answer is an int.
type order int

func (f *fibActor) receive(c actors.Context, m any) {
	switch m := m.(type) {
	case order:
		if m <= 2 {
			f.reply(c, 1)
			return
		}
		for _, smaller := range [...]order{m - 1, m - 2} {
			child := &fibActor{stage: f.stage, parent: c.Self()}
			f.stage.tell(c.Spawn(props(2, child.receive)), smaller)
		}
	case int:
		f.sum += m
		if f.answers++; f.answers == 2 {
			f.reply(c, f.sum)
		}
	}
}

func (f *fibActor) reply(c actors.Context, answer int) {
	f.stage.tell(f.parent, answer)
	c.Stop()
}

// fibonacci computes the number without actors.
func fibonacci(n int) int {
	a, b := 0, 1
	for range n {
		a, b = b, a+b
	}
	return a
}
