package load

import (
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Baton is a number that one worker sets and another one waits for. The waiter spins, so
// that both continue at the same time: a channel would wake it microseconds later.
type Baton struct {
	_      [cpu.Line]byte
	number atomic.Int64
	_      [cpu.Line - 8]byte
}

// Set sets the number.
func (b *Baton) Set(number int64) { b.number.Store(number) }

// Await waits until the number is at least that, and returns it.
func (b *Baton) Await(number int64) int64 {
	var s cpu.Spinner
	for {
		if n := b.number.Load(); n >= number {
			return n
		}
		s.Turn()
	}
}
