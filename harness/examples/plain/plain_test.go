// Package plain_test has benchmarks of locks as they are usually written. scripts/plain
// compares them with themselves, which shows what contend's rounds are for.
package plain_test

import (
	"fmt"
	"sync"
	"testing"
)

// token is a lock made of a channel.
type token chan struct{}

func (t token) Lock()   { t <- struct{}{} }
func (t token) Unlock() { <-t }

func BenchmarkLock(b *testing.B) {
	for _, l := range []struct {
		name string
		lock sync.Locker
	}{
		{"mutex", new(sync.Mutex)},
		{"rwmutex", new(sync.RWMutex)},
		{"channel", make(token, 1)},
	} {
		for _, goroutines := range []int{1, 4, 32} { // for each P
			b.Run(fmt.Sprintf("lock=%s/goroutines=%d", l.name, goroutines), func(b *testing.B) {
				n := 0
				b.SetParallelism(goroutines)
				b.RunParallel(func(p *testing.PB) {
					for p.Next() {
						l.lock.Lock()
						n++
						l.lock.Unlock()
					}
				})
				if n != b.N {
					b.Errorf("got %d increments, want %d", n, b.N)
				}
			})
		}
	}
}
