package load

import (
	"runtime"
	"sync/atomic"
)

// Baton is a number that one worker waits for and another one sets. It is waited for by looking at it again and again,
// so that both go on at the same time: a channel would wake the partner microseconds later.
type Baton struct {
	_      [128]byte
	number atomic.Int64
	_      [120]byte
}

// Set sets the number.
func (b *Baton) Set(number int64) { b.number.Store(number) }

// Await waits until the number is as large as that, and returns it.
func (b *Baton) Await(number int64) int64 {
	for turn := 1; ; turn++ {
		if n := b.number.Load(); n >= number {
			return n
		}
		if turn%64 == 0 {
			runtime.Gosched()
		}
	}
}
