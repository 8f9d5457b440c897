package actor_test

import (
	"context"
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/child"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/actor"
	"github.com/contendbench/contend/impls/implstest"
)

// TestMain makes the tests' own executable run the nodes of other processes.
func TestMain(m *testing.M) {
	if child.Is() {
		os.Exit(child.Main([]harness.Suite{remoteSuite(nil)}))
	}
	os.Exit(m.Run())
}

func TestTables(t *testing.T) {
	implstest.Tables(t, actor.All(), actor.Broken(), "broken.go")
	if err := impls.Check(actor.Remotes()); err != nil {
		t.Error(err)
	}
}

const (
	long = 20 * time.Second      // what takes longer hangs
	soon = 20 * time.Millisecond // enough for a wrong event; a slow machine makes a test weaker, not wrong
)

type numbered struct{ sender, seq int }

// Messages of one sender are handled in order, each once. The actor's state is plain data,
// so that the race detector sees two handlers at a time.
func TestOrderAndState(t *testing.T) {
	each(t, func(s stage) {
		const senders, messages = 8, 300
		next := [senders]int{}
		handled, wrong := 0, 0
		r := s.spawn(func(_ actor.Context, m any) {
			n := m.(numbered)
			if n.seq != next[n.sender] {
				wrong++
			}
			next[n.sender] = n.seq + 1
			handled++
		})
		var group sync.WaitGroup
		for sender := range senders {
			group.Go(func() {
				for seq := range messages {
					for !r.Tell(numbered{sender, seq}) {
						time.Sleep(time.Microsecond) // full
					}
				}
			})
		}
		group.Wait()
		r.Stop()
		s.ends(r)
		dropped := int(s.system.DeadLetters())
		if handled+dropped != senders*messages {
			s.t.Errorf("got %d messages handled and %d dropped, want %d in all", handled, dropped, senders*messages)
		}
		if wrong > dropped {
			s.t.Errorf("got %d messages out of order, want at most the %d that follow a dropped one", wrong, dropped)
		}
	})
}

// What is in the mailbox before Stop is handled. After Stop, nothing is taken.
func TestStopDrains(t *testing.T) {
	each(t, func(s stage) {
		r, release, handled := s.held(actor.Props{Capacity: 10})
		for i := range 10 {
			s.tells(r, i, true)
		}
		r.Stop()
		r.Stop()
		s.tells(r, "late", false)
		release()
		s.ends(r)
		if got := handled(); len(got) != 10 {
			s.t.Errorf("got %v handled, want the 10 messages told before Stop", got)
		}
		s.tells(r, "later", false)
		if _, err := r.Ask(s.t.Context(), "later"); !errors.Is(err, actor.ErrStopped) {
			s.t.Errorf("got %v from Ask of an actor that has stopped, want ErrStopped", err)
		}
		s.dead(0)
	})
}

// What is in the mailbox after Context.Stop becomes dead letters.
func TestContextStop(t *testing.T) {
	each(t, func(s stage) {
		gate := make(chan struct{})
		handled := 0
		r := s.spawn(func(c actor.Context, _ any) {
			<-gate
			handled++
			c.Stop()
		})
		for i := range 10 {
			s.tells(r, i, true)
		}
		close(gate)
		s.ends(r)
		if handled != 1 {
			s.t.Errorf("got %d messages handled, want 1", handled)
		}
		s.dead(9)
	})
}

// A panic at the top stops the actor, and no other.
func TestPanicAtTheTop(t *testing.T) {
	each(t, func(s stage) {
		other := s.spawn(func(c actor.Context, m any) { c.Reply(m) })
		r := s.spawn(func(actor.Context, any) { panic("on purpose") })
		s.tells(r, 1, true)
		s.ends(r)
		s.tells(r, 2, false)
		if got := s.asks(other, 3); got != 3 {
			s.t.Errorf("got %v from another actor, want 3", got)
		}
	})
}

// An actor may tell itself.
func TestSelf(t *testing.T) {
	each(t, func(s stage) {
		done := make(chan struct{})
		r := s.spawn(func(c actor.Context, m any) {
			if n := m.(int); n > 0 {
				s.tells(c.Self(), n-1, true)
				return
			}
			close(done)
		})
		s.tells(r, 100, true)
		s.closes(done, "the last message")
	})
}

// Children stop with their parent, whose Done is closed last.
func TestChildrenStop(t *testing.T) {
	each(t, func(s stage) {
		children := make(chan actor.Ref, 3)
		r := s.spawn(func(c actor.Context, _ any) {
			children <- c.Spawn(props(func(actor.Context, any) {}))
		})
		var all []actor.Ref
		for range 3 {
			s.tells(r, "spawn", true)
			all = append(all, <-children)
		}
		s.lives(all[0])
		r.Stop()
		s.ends(r)
		for _, child := range all {
			select {
			case <-child.Done():
			default:
				s.t.Error("got a running child of an actor that has stopped, want none")
			}
			s.tells(child, 1, false)
		}
	})
}

// Every asker gets the reply to its own message.
func TestAsk(t *testing.T) {
	each(t, func(s stage) {
		r := s.spawn(func(c actor.Context, m any) {
			c.Reply(m.(int) + 1)
			c.Reply("a second reply")
		})
		s.tells(r, 0, true)
		var group sync.WaitGroup
		for asker := range 8 {
			group.Go(func() {
				for i := range 50 {
					n := 1000*asker + i
					if got := s.asks(r, n); got != n+1 {
						s.t.Errorf("got %v from Ask(%d), want %d", got, n, n+1)
					}
				}
			})
		}
		group.Wait()
	}, actor.Asks)
}

// An Ask ends with its context, and leaves nothing for the next one.
func TestAskEnds(t *testing.T) {
	each(t, func(s stage) {
		r, release, _ := s.held(actor.Props{})
		ctx, cancel := context.WithTimeout(s.t.Context(), soon)
		defer cancel()
		if _, err := r.Ask(ctx, "first"); !errors.Is(err, context.DeadlineExceeded) {
			s.t.Errorf("got %v from an Ask without a reply, want the context's error", err)
		}
		if _, err := r.Ask(ctx, "ended"); !errors.Is(err, context.DeadlineExceeded) {
			s.t.Errorf("got %v from an Ask whose context has ended, want the context's error", err)
		}
		release()
		for i := range 10 {
			if got := s.asks(r, i); got != i {
				s.t.Errorf("got %v from the next Ask, want %d", got, i)
			}
		}
	}, actor.Asks)
}

// An Ask ends when its actor stops, also if its message was handled without a reply.
func TestAskOfAnActorThatStops(t *testing.T) {
	each(t, func(s stage) {
		handled := make(chan struct{})
		r := s.spawn(func(actor.Context, any) { close(handled) })
		result := make(chan error)
		go func() {
			_, err := r.Ask(context.Background(), 1)
			result <- err
		}()
		s.closes(handled, "the message")
		r.Stop()
		if err := <-result; !errors.Is(err, actor.ErrStopped) {
			s.t.Errorf("got %v from an Ask of an actor that stops, want ErrStopped", err)
		}
	}, actor.Asks)
}

// Every message that was taken is handled or a dead letter, whenever the actor stops.
func TestNothingIsLost(t *testing.T) {
	each(t, func(s stage) {
		var taken, handled atomic.Int64
		for round := range 200 {
			r := s.spawn(func(c actor.Context, m any) {
				handled.Add(1)
				if round%2 == 0 && m == 20 {
					c.Stop()
				}
			})
			var group sync.WaitGroup
			for range 4 {
				group.Go(func() {
					for i := range 30 {
						if r.Tell(i) {
							taken.Add(1)
						}
					}
				})
			}
			if round%2 == 1 {
				group.Go(r.Stop)
			}
			group.Wait()
			r.Stop()
			s.ends(r)
		}
		s.dead(uint64(taken.Load() - handled.Load()))
	})
}

// Close waits for what is in the mailboxes. A closed system starts no actor.
func TestClose(t *testing.T) {
	each(t, func(s stage) {
		var handled atomic.Int64
		for range 20 {
			r := s.spawn(func(actor.Context, any) { handled.Add(1) })
			for i := range 5 {
				s.tells(r, i, true)
			}
		}
		var group sync.WaitGroup
		for range 2 {
			group.Go(s.system.Close)
		}
		group.Wait()
		if got := handled.Load(); got != 100 {
			s.t.Errorf("got %d messages handled by Close, want 100", got)
		}
		r := s.spawn(func(actor.Context, any) { handled.Add(1) })
		s.tells(r, 1, false)
		s.ends(r)
	})
}

// Systems with few dispatchers run more actors than those, whichever wakes which.
func TestMoreActorsThanDispatchers(t *testing.T) {
	each(t, func(s stage) {
		const actors, laps = 50, 40
		done := make(chan struct{})
		ring := make([]actor.Ref, actors)
		for i := range ring {
			ring[i] = s.spawn(func(_ actor.Context, m any) {
				if n := m.(int); n == 0 {
					close(done)
				} else {
					s.tells(ring[(i+1)%actors], n-1, true)
				}
			})
		}
		s.tells(ring[0], actors*laps, true)
		s.closes(done, "the last message of the ring")
	})
}
