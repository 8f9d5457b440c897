package actor_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/contendbench/contend/impls/actor"
)

// frail is an actor that panics when it is told to, and replies with how many messages
// this state of it has handled.
type frail struct {
	handled int
	mailed  *atomic.Int64 // messages that any state of it has handled
}

func (f *frail) Receive(c actor.Context, m any) {
	if m == "panic" {
		panic("on purpose")
	}
	f.handled++
	f.mailed.Add(1)
	c.Reply(f.handled)
}

// family starts a supervisor at the top, and a frail child of it.
func (s stage) family(rule actor.Supervision) (supervisor, child actor.Ref, mailed *atomic.Int64) {
	s.t.Helper()
	mailed = new(atomic.Int64)
	children := make(chan actor.Ref, 1)
	p := props(func(c actor.Context, _ any) {
		children <- c.Spawn(actor.Props{New: func() actor.Behavior { return &frail{mailed: mailed} }})
	})
	p.Supervise = rule
	supervisor = s.system.Spawn(p)
	s.tells(supervisor, "spawn", true)
	return supervisor, <-children, mailed
}

// panics has an actor panic, and waits until it has a new state.
func (s stage) panics(r actor.Ref) {
	s.t.Helper()
	s.tells(r, "panic", true)
	if got := s.asks(r, "how many"); got != 1 {
		s.t.Errorf("got %v messages handled by a restarted state, want 1", got)
	}
}

func TestRestart(t *testing.T) {
	each(t, func(s stage) {
		supervisor, child, mailed := s.family(actor.Supervision{Then: actor.Restart})
		for range 5 {
			s.tells(child, "a message", true)
		}
		s.panics(child)
		s.tells(child, "panic", true)
		for range 5 {
			s.tells(child, "a message after the panic", true)
		}
		if got := s.asks(child, "how many"); got != 6 {
			s.t.Errorf("got %v messages handled after the panic, want 6", got)
		}
		if got := mailed.Load(); got != 12 {
			s.t.Errorf("got %d messages handled in all, want 12", got)
		}
		s.lives(supervisor)
		s.dead(0)
	}, actor.Supervised)
}

func TestStopChild(t *testing.T) {
	each(t, func(s stage) {
		supervisor, child, _ := s.family(actor.Supervision{})
		s.tells(child, "panic", true)
		s.ends(child)
		s.lives(supervisor)
	}, actor.Supervised)
}

// A supervisor to which a failure is escalated fails itself.
func TestEscalate(t *testing.T) {
	each(t, func(s stage) {
		supervisor, child, _ := s.family(actor.Supervision{Then: actor.Escalate})
		s.tells(child, "panic", true)
		s.ends(supervisor)
		s.ends(child)
	}, actor.Supervised)
}

// A supervisor that is restarted because of an escalation keeps its mailbox, and its
// children stop.
func TestEscalateToARestart(t *testing.T) {
	each(t, func(s stage) {
		born := make(chan actor.Ref, 4)
		var states atomic.Int64
		middle := actor.Props{
			New: func() actor.Behavior {
				states.Add(1)
				return actor.Func(func(c actor.Context, _ any) {
					born <- c.Spawn(props(func(actor.Context, any) { panic("on purpose") }))
				})
			},
			Supervise: actor.Supervision{Then: actor.Escalate},
		}
		top := props(func(c actor.Context, _ any) { born <- c.Spawn(middle) })
		top.Supervise = actor.Supervision{Then: actor.Restart}
		root := s.system.Spawn(top)
		s.tells(root, "spawn", true)
		m := <-born
		s.tells(m, "spawn", true)
		s.tells(m, "spawn", true)
		failing, sibling := <-born, <-born
		s.tells(failing, "panic", true)
		s.ends(failing)
		s.ends(sibling)
		s.tells(m, "spawn", true)
		s.lives(<-born)
		s.lives(root)
		if got := states.Load(); got != 2 {
			s.t.Errorf("got %d states of the supervisor, want 2", got)
		}
	}, actor.Supervised)
}

// What is more than Limit restarts is escalated.
func TestLimit(t *testing.T) {
	each(t, func(s stage) {
		supervisor, child, _ := s.family(actor.Supervision{Then: actor.Restart, Limit: 3, Within: time.Hour})
		for range 3 {
			s.panics(child)
		}
		s.lives(supervisor)
		s.tells(child, "panic", true)
		s.ends(child)
		s.ends(supervisor)
	}, actor.Supervised)
}

// Restarts that are further apart than Within do not count.
func TestLimitForgets(t *testing.T) {
	each(t, func(s stage) {
		supervisor, child, _ := s.family(actor.Supervision{Then: actor.Restart, Limit: 1, Within: time.Millisecond})
		for range 5 {
			s.panics(child)
			time.Sleep(5 * time.Millisecond)
		}
		s.lives(supervisor)
	}, actor.Supervised)
}

// The children of a state that is restarted stop.
func TestRestartStopsChildren(t *testing.T) {
	each(t, func(s stage) {
		born := make(chan actor.Ref, 2)
		middle := props(func(c actor.Context, m any) {
			if m == "panic" {
				panic("on purpose")
			}
			born <- c.Spawn(props(func(actor.Context, any) {}))
		})
		top := props(func(c actor.Context, _ any) { born <- c.Spawn(middle) })
		top.Supervise = actor.Supervision{Then: actor.Restart}
		s.tells(s.system.Spawn(top), "spawn", true)
		m := <-born
		s.tells(m, "spawn", true)
		child := <-born
		s.lives(child)
		s.tells(m, "panic", true)
		s.ends(child)
		s.lives(m)
	}, actor.Supervised)
}

// An actor whose New panics at a restart stops.
func TestNewPanicsAtARestart(t *testing.T) {
	each(t, func(s stage) {
		var states atomic.Int64
		child := actor.Props{New: func() actor.Behavior {
			if states.Add(1) > 1 {
				panic("on purpose, in New")
			}
			return actor.Func(func(actor.Context, any) { panic("on purpose") })
		}}
		born := make(chan actor.Ref, 1)
		top := props(func(c actor.Context, _ any) { born <- c.Spawn(child) })
		top.Supervise = actor.Supervision{Then: actor.Restart}
		root := s.system.Spawn(top)
		s.tells(root, "spawn", true)
		r := <-born
		s.tells(r, 1, true)
		s.ends(r)
		s.lives(root)
	}, actor.Supervised)
}
