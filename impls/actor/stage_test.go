package actor_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/actor"
	"github.com/contendbench/contend/impls/implstest"
)

// stage is a running system.
type stage struct {
	t      *testing.T
	system actor.System
}

// each runs test with a fresh system of every contender that makes all of the promises.
// No goroutine may be left when the system is closed.
func each(t *testing.T, test func(stage), promises ...impls.Promise) {
	t.Helper()
	implstest.Each(t, actor.All(), func(t *testing.T, i impls.Impl[actor.New]) {
		before := goleak.IgnoreCurrent()
		s := stage{t, i.New(3)}
		test(s)
		s.system.Close()
		goleak.VerifyNone(t, before)
	}, promises...)
}

// spawn starts an actor without a supervisor.
func (s stage) spawn(receive actor.Func) actor.Ref { return s.system.Spawn(props(receive)) }

func props(receive actor.Func) actor.Props {
	return actor.Props{New: func() actor.Behavior { return receive }}
}

// tells fails the test if Tell does not return want.
func (s stage) tells(r actor.Ref, message any, want bool) {
	s.t.Helper()
	if got := r.Tell(message); got != want {
		s.t.Errorf("got %v from Tell(%v), want %v", got, message, want)
	}
}

// ends waits until an actor has stopped.
func (s stage) ends(r actor.Ref) {
	s.t.Helper()
	s.closes(r.Done(), "the actor to stop")
}

func (s stage) closes(c <-chan struct{}, what string) {
	s.t.Helper()
	select {
	case <-c:
	case <-time.After(long):
		s.t.Fatalf("waited for %s: got nothing in %v", what, long)
	}
}

// lives fails the test if an actor stops soon.
func (s stage) lives(r actor.Ref) {
	s.t.Helper()
	select {
	case <-r.Done():
		s.t.Fatal("got an actor that has stopped, want a running one")
	case <-time.After(soon):
	}
}

// asks returns the reply to an Ask.
func (s stage) asks(r actor.Ref, message any) any {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), long)
	defer cancel()
	reply, err := r.Ask(ctx, message)
	if err != nil {
		s.t.Fatalf("got %v from Ask(%v), want a reply", err, message)
	}
	return reply
}

// dead waits until the system counts a number of dead letters.
func (s stage) dead(want uint64) {
	s.t.Helper()
	for start := time.Now(); time.Since(start) < long; time.Sleep(time.Millisecond) {
		if s.system.DeadLetters() >= want {
			break
		}
	}
	if got := s.system.DeadLetters(); got != want {
		s.t.Errorf("got %d dead letters, want %d", got, want)
	}
}

// held starts an actor that waits in its first message for release, and then returns. It
// notes what it handles after that.
func (s stage) held(p actor.Props) (r actor.Ref, release func(), handled func() []any) {
	s.t.Helper()
	entered, released := make(chan struct{}), make(chan struct{})
	var mu sync.Mutex
	var noted []any
	first := true
	p.New = func() actor.Behavior {
		return actor.Func(func(c actor.Context, m any) {
			if first {
				first = false
				close(entered)
				<-released
				return
			}
			mu.Lock()
			noted = append(noted, m)
			mu.Unlock()
			c.Reply(m)
		})
	}
	r = s.system.Spawn(p)
	s.tells(r, "first", true)
	s.closes(entered, "the first message")
	return r, sync.OnceFunc(func() { close(released) }), func() []any {
		mu.Lock()
		defer mu.Unlock()
		return noted
	}
}
