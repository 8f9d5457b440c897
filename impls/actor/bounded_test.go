package actor_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/actor"
)

const capacity = 3

// full starts an actor that waits in a message, and fills its mailbox.
func (s stage) full() (r actor.Ref, release func(), handled func() []any) {
	s.t.Helper()
	r, release, handled = s.held(actor.Props{Capacity: capacity})
	for i := range capacity {
		s.tells(r, i, true)
	}
	return r, release, handled
}

// A mailbox takes as many messages as its capacity, beside the one that is being handled.
func TestCapacity(t *testing.T) {
	each(t, func(s stage) {
		r, release, handled := s.full()
		s.dead(0)
		release()
		r.Stop()
		s.ends(r)
		if got := handled(); !slices.Equal(got, []any{0, 1, 2}) {
			s.t.Errorf("got %v handled, want 0, 1, 2", got)
		}
	}, impls.Bounded)
}

func TestRefuses(t *testing.T) {
	each(t, func(s stage) {
		r, release, handled := s.full()
		s.tells(r, "too much", false)
		if _, err := r.Ask(s.t.Context(), "too much"); !errors.Is(err, actor.ErrFull) {
			s.t.Errorf("got %v from Ask to a full mailbox, want ErrFull", err)
		}
		release()
		r.Stop()
		s.ends(r)
		if got := handled(); !slices.Equal(got, []any{0, 1, 2}) {
			s.t.Errorf("got %v handled, want 0, 1, 2", got)
		}
		s.dead(0)
	}, actor.Refuses)
}

func TestDrops(t *testing.T) {
	each(t, func(s stage) {
		r, release, handled := s.full()
		s.tells(r, "new", true)
		s.tells(r, "newer", true)
		s.dead(2)
		release()
		r.Stop()
		s.ends(r)
		if got := handled(); !slices.Equal(got, []any{2, "new", "newer"}) {
			s.t.Errorf("got %v handled, want 2, new, newer", got)
		}
	}, actor.Drops)
}

// waits starts a Tell that waits for room, and returns where its result will be.
func (s stage) waits(r actor.Ref) chan bool {
	s.t.Helper()
	result := make(chan bool, 1)
	go func() { result <- r.Tell("waits") }()
	select {
	case got := <-result:
		s.t.Fatalf("got %v from Tell to a full mailbox, want a wait", got)
	case <-time.After(soon):
	}
	return result
}

// got fails the test if a Tell that waits does not return want.
func (s stage) got(result chan bool, want bool) {
	s.t.Helper()
	select {
	case got := <-result:
		if got != want {
			s.t.Errorf("got %v from a Tell that waited, want %v", got, want)
		}
	case <-time.After(long):
		s.t.Fatalf("got a Tell that waits for %v, want an end", long)
	}
}

func TestBlocks(t *testing.T) {
	each(t, func(s stage) {
		r, release, handled := s.full()
		first, second := s.waits(r), s.waits(r)
		release()
		s.got(first, true)
		s.got(second, true)
		r.Stop()
		s.ends(r)
		if got := len(handled()); got != capacity+2 {
			s.t.Errorf("got %d messages handled, want %d", got, capacity+2)
		}
	}, actor.Blocks)
}

// Stop ends a Tell that waits, although the actor is busy.
func TestStopEndsATellThatWaits(t *testing.T) {
	each(t, func(s stage) {
		r, release, _ := s.full()
		first, second := s.waits(r), s.waits(r)
		r.Stop()
		s.got(first, false)
		s.got(second, false)
		release()
		s.ends(r)
		s.dead(0)
	}, actor.Blocks)
}

// An Ask that waits for room ends with its context, and has sent nothing.
func TestAskThatWaitsForRoomEnds(t *testing.T) {
	each(t, func(s stage) {
		r, release, handled := s.full()
		ctx, cancel := context.WithTimeout(s.t.Context(), soon)
		defer cancel()
		if _, err := r.Ask(ctx, "waits"); !errors.Is(err, context.DeadlineExceeded) {
			s.t.Errorf("got %v from Ask to a full mailbox, want the context's error", err)
		}
		release()
		r.Stop()
		s.ends(r)
		if got := len(handled()); got != capacity {
			s.t.Errorf("got %d messages handled, want %d", got, capacity)
		}
	}, actor.Blocks, actor.Asks)
}

// No sender waits forever while others come and go.
func TestEverySenderGetsRoom(t *testing.T) {
	each(t, func(s stage) {
		var handled atomic.Int64
		r := s.system.Spawn(actor.Props{Capacity: 2, New: func() actor.Behavior {
			return actor.Func(func(actor.Context, any) { handled.Add(1) })
		}})
		const senders, messages = 6, 200
		done := make(chan struct{}, senders)
		for range senders {
			go func() {
				for i := range messages {
					s.tells(r, i, true)
				}
				done <- struct{}{}
			}()
		}
		for range senders {
			s.closes(done, "the senders")
		}
		r.Stop()
		s.ends(r)
		if got := handled.Load(); got != senders*messages {
			s.t.Errorf("got %d messages handled, want %d", got, senders*messages)
		}
	}, actor.Blocks)
}
