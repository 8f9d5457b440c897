package actor

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	actors "github.com/contendbench/contend/impls/actor"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/results"
)

// A liar is an honest system but for what it does with actors at its top.
type liar struct {
	actors.System
	props func(actors.Props) actors.Props // nil: as they are
	ref   func(actors.Ref) actors.Ref     // nil: as it is
	close func(close func())              // closes the system; nil: as it does
}

func (l liar) Spawn(p actors.Props) actors.Ref {
	if l.props != nil {
		p = l.props(p)
	}
	r := l.System.Spawn(p)
	if l.ref != nil {
		r = l.ref(r)
	}
	return r
}

func (l liar) Close() {
	if l.close == nil {
		l.System.Close()
		return
	}
	l.close(l.System.Close)
}

// A teller is an actor with another Tell.
type teller struct {
	actors.Ref
	tell func(actors.Ref, any) bool
}

func (t teller) Tell(m any) bool { return t.tell(t.Ref, m) }

// telling makes a system whose actors have another Tell.
func telling(tell func() func(actors.Ref, any) bool) actors.New {
	return func(n int) actors.System {
		return liar{System: actors.NewCond(n), ref: func(r actors.Ref) actors.Ref { return teller{r, tell()} }}
	}
}

// behaving makes a system whose actors behave otherwise.
func behaving(alter func(actors.Behavior) actors.Func) actors.New {
	return func(n int) actors.System {
		return liar{System: actors.NewCond(n), props: func(p actors.Props) actors.Props {
			create := p.New
			p.New = func() actors.Behavior { return alter(create()) }
			return p
		}}
	}
}

// every returns a function that is true at every call number n.
func every(n int64) func() bool {
	var calls atomic.Int64
	return func() bool { return calls.Add(1)%n == 0 }
}

// swapping makes a system that holds every eighth message back until the next one to the
// same actor.
func swapping(n int) actors.System {
	var flushes []func()
	eighth := every(8)
	return liar{
		System: actors.NewCond(n),
		ref: func(r actors.Ref) actors.Ref {
			var mu sync.Mutex
			var held []any
			flush := func() {
				for _, m := range held {
					r.Tell(m)
				}
				held = nil
			}
			flushes = append(flushes, func() { mu.Lock(); defer mu.Unlock(); flush() })
			return teller{r, func(r actors.Ref, m any) bool {
				mu.Lock()
				defer mu.Unlock()
				if eighth() {
					held = append(held, m)
					return true
				}
				defer flush()
				return r.Tell(m)
			}}
		},
		close: func(end func()) {
			for _, f := range flushes {
				f()
			}
			end()
		},
	}
}

func doubling() func(actors.Ref, any) bool {
	eighth := every(8)
	return func(r actors.Ref, m any) bool {
		if eighth() {
			r.Tell(m)
		}
		return r.Tell(m)
	}
}

func losing() func(actors.Ref, any) bool {
	eighth := every(8)
	return func(r actors.Ref, m any) bool { return eighth() || r.Tell(m) }
}

func delaying() func(actors.Ref, any) bool {
	return func(r actors.Ref, m any) bool {
		time.AfterFunc(3*time.Millisecond, func() { r.Tell(m) })
		return true
	}
}

// hurried makes a system that handles each message on a goroutine of its own.
func hurried(n int) actors.System {
	var group sync.WaitGroup
	return liar{
		System: actors.NewCond(n),
		props: func(p actors.Props) actors.Props {
			create := p.New
			p.New = func() actors.Behavior {
				b := create()
				return actors.Func(func(c actors.Context, m any) {
					group.Go(func() { b.Receive(c, m) })
					runtime.Gosched()
				})
			}
			return p
		},
		close: func(end func()) {
			end()
			group.Wait()
		},
	}
}

// stubborn ignores the stop of an actor by itself.
func stubborn(b actors.Behavior) actors.Func {
	return func(c actors.Context, m any) { b.Receive(staying{c}, m) }
}

type staying struct{ actors.Context }

func (s staying) Stop() {}

// stricter makes a system whose supervisors restart once less than they may.
func stricter(n int) actors.System {
	return liar{System: actors.NewCond(n), props: func(p actors.Props) actors.Props {
		if p.Supervise.Limit > 1 {
			p.Supervise.Limit--
		}
		return p
	}}
}

// roomier makes a system whose mailboxes have room for one message more.
func roomier(create actors.New) actors.New {
	return func(n int) actors.System {
		return liar{System: create(n), props: func(p actors.Props) actors.Props {
			p.Capacity++
			return p
		}}
	}
}

// leaking makes a system that leaves a goroutine.
func leaking(n int) actors.System {
	return liar{System: actors.NewCond(n), close: func(end func()) {
		end()
		go time.Sleep(time.Second)
	}}
}

// hoarding makes a system that keeps all of its actors.
func hoarding(n int) actors.System {
	var all []actors.Ref
	return liar{System: actors.NewCond(n), ref: func(r actors.Ref) actors.Ref {
		all = append(all, r)
		return r
	}}
}

// deaf makes a system whose Asks do not look at their contexts.
func deaf(n int) actors.System {
	return liar{System: actors.NewCond(n), ref: func(r actors.Ref) actors.Ref { return deafRef{r} }}
}

type deafRef struct{ actors.Ref }

func (r deafRef) Ask(_ context.Context, m any) (any, error) {
	limited, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	return r.Ref.Ask(limited, m)
}

// liars is the suite over one system, without the plain channel.
func liars(create actors.New, promises ...impls.Promise) harness.Suite {
	table := []impls.Impl[actors.New]{impls.New("liar", impls.Mutex, "here", create, promises...)}
	return harness.NewSuite(about, local(table)[0])
}

// Systems that make promises which they do not keep.
func TestChecksFindLiars(t *testing.T) {
	for _, c := range []struct {
		name, load, complaint string // the complaint may be one of several: "a|b"
		create                actors.New
		promises              []impls.Promise
	}{
		{"swapping", "stops", "when message", swapping, nil},
		{"doubling", "lives", "when message", telling(doubling), nil},
		{"losing", "lives", "were handled and", telling(losing), nil},
		{"losing", "stops", "messages handled of those in the mailbox", telling(losing), nil},
		{"delaying", "wake", "more than 1 ms after the event", telling(delaying), nil},
		{"hurried", "lives", "message", hurried, nil}, // out of order, or two at a time,
		{"stubborn", "self-stop", "after it had stopped itself", behaving(stubborn), nil},
		{"stricter", "supervise", "must live on", stricter, []impls.Promise{actors.Supervised}},
		{"roomier", "full", "taken=true, want false", roomier(actors.NewRingRefuse), []impls.Promise{actors.Refuses}},
		{"roomier", "full", "dead letters", roomier(actors.NewRingDrop), []impls.Promise{actors.Drops}},
		{"roomier", "full", "a Tell to a full mailbox", roomier(actors.NewRingBlock), []impls.Promise{actors.Blocks}},
		{"leaking", "traces", "goroutines", leaking, nil},
		{"hoarding", "traces", "objects in memory", hoarding, []impls.Promise{actors.Forgets}},
		{"deaf", "timeouts", "want that of the context|ended before its context", deaf, []impls.Promise{actors.Asks}},
	} {
		t.Run(c.name+"/"+c.load, func(t *testing.T) {
			if c.name == "hurried" {
				implstest.RaceShowsFirst(t)
			}
			harness.Finds(t, liars(c.create, c.promises...), c.load, strings.Split(c.complaint, "|")...)
		})
	}
}

// repeating has every seventh message handled twice, over all systems that it makes.
func repeating() actors.New {
	seventh := every(7)
	return behaving(func(b actors.Behavior) actors.Func {
		return func(c actors.Context, m any) {
			if b.Receive(c, m); seventh() {
				b.Receive(c, m)
			}
		}
	})
}

// The result of each program shows that messages were handled twice. A number that goes
// through the sieve twice changes nothing, but one that is lost does.
func TestProgramsFindLiars(t *testing.T) {
	implstest.RaceShowsFirst(t)
	for _, p := range programs {
		create := repeating()
		if p.name == sieve.name {
			create = telling(losing)
		}
		t.Run(p.name, func(t *testing.T) {
			harness.Finds(t, liars(create), p.name, "")
		})
	}
}

// On one core, a channel's customers come back again and again before the barber has a
// slice. A run takes longer than a window may make no progress; each haircut is progress.
func TestALongRunMakesProgress(t *testing.T) {
	s := Suite(actors.All()...)
	spec := harness.DefaultSpec(results.Cell{Contract: s.Contract, Work: "barber", Impl: "channel", Procs: 1})
	for key, value := range map[string]string{"customers": "200", "seats": "1", "cost": "1"} {
		spec.Cell.Params = append(spec.Cell.Params, results.Param{Key: key, Value: value})
	}
	spec.Windows, spec.Latency, spec.Grace = 1, 0, time.Second
	if _, err := harness.Execute(t.Context(), []harness.Suite{s}, spec); err != nil {
		t.Error(err)
	}
}
