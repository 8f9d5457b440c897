package load

import (
	"runtime"

	"github.com/contendbench/contend/harness"
)

const (
	// EdgeTurns is how many turns the goroutines make together that contend across an
	// edge, half of them before it.
	EdgeTurns = Contenders * EdgeEach
	// Contenders is how many goroutines contend across an edge.
	Contenders = 3
	// EdgeEach is how many turns each of them makes.
	EdgeEach = 8

	firstEdge = 1 << 8
	batch     = 64 // turns alone between two looks at the window's end
)

// An age is a subject that lasts for a whole stress run. One goroutine alone ages it turn
// by turn, which is fast. Whenever its turns reach a power of two, the edge of a count of
// some bits, several contend for it.
type age[S any] struct {
	subject S
	turns   uint64
	edge    uint64
}

// CheckAged ages a subject for a window. alone makes turn number n. contend lets
// Contenders goroutines make EdgeEach turns each, which call inside.
func CheckAged[S any](
	t *harness.Trial, create func() S, alone func(s S, n uint64) error, contend func(s S, inside func()) error,
) error {
	type key struct{}
	a := t.Carry(key{}, func() any { return &age[S]{subject: create(), edge: firstEdge} }).(*age[S])
	return t.Window(func(w *harness.Window) error {
		w.Go("turn", 1, func(w *harness.Worker) {
			inside := func() {
				w.Alive()
				runtime.Gosched()
			}
			for w.Next() {
				if err := a.live(alone, func(s S) error { return contend(s, inside) }); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		return nil
	})
}

// live makes some turns, at most up to the edge, and then contends across it.
func (a *age[S]) live(alone func(S, uint64) error, contend func(S) error) error {
	start := a.edge - EdgeTurns/2
	for range min(batch, start-a.turns) {
		if err := alone(a.subject, a.turns); err != nil {
			return err
		}
		a.turns++
	}
	if a.turns < start {
		return nil
	}
	a.turns += EdgeTurns
	a.edge *= 2
	return contend(a.subject)
}
