package cas

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls/cas/cell"
	"github.com/contendbench/contend/workloads/load"
)

// recordSequence calls a cell from one goroutine, with extreme records, and compares it
// with a variable.
var recordSequence = harness.Workload[cell.New[cell.Record]]{
	Load: harness.Load{
		Name: "record-sequence", Turn: "40 calls",
		About:  "one goroutine calls a cell of extreme records, which must be as a variable",
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newCell cell.New[cell.Record]) error {
		return load.Rounds(t, func(rng *rand.Rand) error {
			s := &sequence{rng: rng, want: extremeRecord(rng)}
			s.cell = newCell(s.want)
			for range sequenceCalls {
				if err := s.call(); err != nil {
					return err
				}
			}
			return nil
		})
	},
}

const sequenceCalls = 40

func extremeRecord(rng *rand.Rand) (r cell.Record) {
	for i := range r {
		r[i] = extreme(rng)
	}
	return r
}

// A sequence is a cell, and the variable that it must be as.
type sequence struct {
	rng  *rand.Rand
	cell cell.Cell[cell.Record]
	want cell.Record
}

// call makes a random call, and then loads.
func (s *sequence) call() error {
	old, next := s.want, s.want
	at := s.rng.IntN(len(next))
	next[at] = beside(s.rng, next[at])
	switch s.rng.IntN(4) {
	case 0:
		if !s.cell.CompareAndSwap(old, next) {
			return fmt.Errorf("the cell holds %x, and a swap of that failed", old)
		}
		s.want = next
	case 1:
		if s.cell.CompareAndSwap(next, extremeRecord(s.rng)) {
			return fmt.Errorf("the cell holds %x, and a swap of %x succeeded", old, next)
		}
	case 2:
		got := s.cell.Update(func(r cell.Record) cell.Record {
			r[at] = next[at]
			return r
		})
		if s.want = next; got != next {
			return fmt.Errorf("an update to %x returned %x", next, got)
		}
	case 3:
		if err := panicIn(s.cell); err != nil {
			return err
		}
	}
	if got := s.cell.Load(); got != s.want {
		return fmt.Errorf("the cell holds %x, want %x", got, s.want)
	}
	return nil
}

var errUpdate = errors.New("an update that panics")

// panicIn has an Update panic, and returns an error if that does not reach the caller.
func panicIn(c cell.Cell[cell.Record]) (err error) {
	defer func() {
		if got, ok := recover().(error); !ok || !errors.Is(got, errUpdate) {
			err = fmt.Errorf("the function of an Update panicked, and its caller recovered %v", got)
		}
	}()
	c.Update(func(cell.Record) cell.Record { panic(errUpdate) })
	return nil
}
