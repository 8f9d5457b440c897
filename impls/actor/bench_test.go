package actor_test

import (
	"runtime"
	"testing"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/actor"
)

// heap returns the bytes of heap and stacks in use.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// benchEach runs a benchmark of every contender that takes every message.
func benchEach(b *testing.B, bench func(*testing.B, actor.New)) {
	for _, i := range actor.All() {
		if i.Role == impls.Contender && !i.Has(actor.Drops) && !i.Has(actor.Refuses) {
			b.Run(i.Name, func(b *testing.B) { bench(b, i.New) })
		}
	}
}

// BenchmarkIdle measures the memory of an idle actor: heap and stacks in use over actors.
// A million goroutines with stacks would need gigabytes, so rows with one have fewer.
func BenchmarkIdle(b *testing.B) {
	for _, i := range actor.All() {
		if i.Role != impls.Contender {
			continue
		}
		b.Run(i.Name, func(b *testing.B) {
			actors := 10_000
			if i.Name == "vyukov" {
				actors = 1_000_000
			}
			bytes := 0.0
			for b.Loop() {
				system := i.New(0)
				refs := make([]actor.Ref, actors)
				before := heap()
				for n := range refs {
					refs[n] = system.Spawn(actor.Props{New: func() actor.Behavior { return new(idle) }})
				}
				bytes = float64(heap()-before) / float64(actors)
				system.Close()
				runtime.KeepAlive(refs)
			}
			b.ReportMetric(bytes, "B/actor")
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/float64(actors), "ns/actor")
		})
	}
}

// idle is an actor with a little state.
type idle struct{ handled int }

func (a *idle) Receive(actor.Context, any) { a.handled++ }

// last is the message after the messages.
const last = "last"

// counts has an actor count what another one sends it, as Savina's counting does.
func counts(system actor.System, messages int) (counted int) {
	done := make(chan int)
	counter := system.Spawn(actor.Props{Capacity: 1024, New: func() actor.Behavior {
		n := 0
		return actor.Func(func(_ actor.Context, m any) {
			if m == last {
				done <- n
				return
			}
			n++
		})
	}})
	sender := system.Spawn(actor.Props{New: func() actor.Behavior {
		return actor.Func(func(_ actor.Context, m any) {
			for range messages {
				counter.Tell(m)
			}
			counter.Tell(last)
		})
	}})
	sender.Tell(1)
	return <-done
}

func BenchmarkCounting(b *testing.B) {
	benchEach(b, func(b *testing.B, create actor.New) {
		system := create(0)
		defer system.Close()
		if got := counts(system, b.N); got != b.N {
			b.Errorf("got %d messages counted, want %d", got, b.N)
		}
	})
}

func BenchmarkForkJoinThroughput(b *testing.B) {
	benchEach(b, func(b *testing.B, create actor.New) {
		system := create(0)
		defer system.Close()
		const actors = 60
		done := make(chan int, actors)
		refs := make([]actor.Ref, actors)
		each := b.N/actors + 1
		for i := range refs {
			refs[i] = system.Spawn(actor.Props{New: func() actor.Behavior {
				n := 0
				return actor.Func(func(actor.Context, any) {
					if n++; n == each {
						done <- n
					}
				})
			}})
		}
		for range each {
			for _, r := range refs {
				r.Tell(1)
			}
		}
		for range refs {
			<-done
		}
	})
}

func BenchmarkPingPong(b *testing.B) {
	benchEach(b, func(b *testing.B, create actor.New) {
		system := create(0)
		defer system.Close()
		done := make(chan struct{})
		left := b.N
		var ping, pong actor.Ref
		ping = system.Spawn(actor.Props{New: func() actor.Behavior {
			return actor.Func(func(_ actor.Context, m any) {
				if left--; left < 0 {
					close(done)
					return
				}
				pong.Tell(m)
			})
		}})
		pong = system.Spawn(actor.Props{New: func() actor.Behavior {
			return actor.Func(func(_ actor.Context, m any) { ping.Tell(m) })
		}})
		ping.Tell(1)
		<-done
	})
}
