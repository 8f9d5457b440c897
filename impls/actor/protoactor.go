package actor

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	proto "github.com/asynkron/protoactor-go/actor"
)

// protoActor is an actor of protoactor-go: the Ref, and the actor that the library runs.
//
// Source: github.com/asynkron/protoactor-go v0.0.0-20240822202345-3c0e61ca19c9, package
// actor, with its default dispatcher and its unbounded mailbox.
// Progress: a sender waits for the mutex of the mailbox's ring. A goroutine starts when an
// idle actor gets a message, and ends when its mailbox is empty.
// Space: an idle actor has no goroutine, but a ring and an entry in a map of names. Each
// actor that has stopped leaves an object on the heap, with the library alone, too.
// Ordering: that of the ring's mutex.
// Bridged: a stop leaves messages in the mailbox, and the library does not count them. The
// adapter has the mailbox emptied, and counts by the library's hook for mailboxes. An Ask
// is a process of the adapter in place of the library's Future, which has a timeout and
// no context. The decisions of supervisors are ours, by the library's interface for them,
// because its own strategy stops a child that restarts too often, and does not escalate.
// Wins nowhere here against our own dispatcher; it has clusters, and more.
// Make a system with NewProtoActor. It must not be copied.
type protoActor struct {
	system   *protoSystem
	create   func() Behavior
	behavior Behavior
	failed   bool // the last call of create has panicked
	turn     protoTurn
	pid      *proto.PID
	process  proto.Process
	parent   *protoActor
	strategy protoStrategy
	closing  atomic.Bool // it takes no more messages
	stopped  atomic.Bool // what its mailbox still holds are dead letters
	emptied  sync.Once
	open     atomic.Int64 // it, and its children
	done     chan struct{}
}

// protoSystem is a system of protoactor-go.
type protoSystem struct {
	*proto.ActorSystem
	dead    atomic.Uint64
	mu      sync.Mutex
	roots   map[*protoActor]struct{}
	closed  bool
	closing sync.Once
	group   sync.WaitGroup // of roots
	top     protoStrategy
}

// NewProtoActor makes a system of protoactor-go.
func NewProtoActor(int) System {
	silent := func(*proto.ActorSystem) *slog.Logger { return slog.New(slog.DiscardHandler) }
	s := &protoSystem{roots: map[*protoActor]struct{}{}, ActorSystem: proto.NewActorSystem(
		proto.WithLoggerFactory(silent),
		// The library logs dead letters, and has a goroutine wait for the end of the interval.
		proto.WithDeadLetterThrottleCount(0), proto.WithDeadLetterThrottleInterval(time.Millisecond),
	)}
	s.EventStream.Subscribe(func(event any) {
		if d, ok := event.(*proto.DeadLetterEvent); ok && !strings.HasPrefix(d.PID.Id, askerName) && counts(d.Message) {
			s.dead.Add(1)
		}
	})
	return s
}

// counts reports whether a message is a user's.
func counts(message any) bool {
	switch message.(type) {
	case proto.SystemMessage, proto.AutoReceiveMessage, *proto.SuspendMailbox, *proto.ResumeMailbox, protoMark:
		return false
	default:
		return true
	}
}

// Spawn starts an actor without a supervisor.
func (s *protoSystem) Spawn(p Props) Ref {
	a := s.actor(p, nil)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		a.closing.Store(true)
		close(a.done)
		return a
	}
	s.roots[a] = struct{}{}
	s.group.Add(1)
	a.started(s.Root.Spawn(a.props(proto.WithGuardian(&s.top))))
	return a
}

func (s *protoSystem) actor(p Props, parent *protoActor) *protoActor {
	a := &protoActor{system: s, create: p.New, parent: parent, done: make(chan struct{})}
	a.turn.actor = a
	a.strategy.supervise = p.Supervise
	a.open.Store(1)
	return a
}

// props are the library's. It calls the producer for each state.
func (a *protoActor) props(more ...proto.PropsOption) *proto.Props {
	options := append(more,
		proto.WithMailbox(proto.Unbounded(a)),
		proto.WithSupervisor(&a.strategy),
	)
	return proto.PropsFromProducer(a.produce, options...)
}

// produce makes the actor's state. In a restart, a panic of New stops the actor.
func (a *protoActor) produce() proto.Actor {
	if a.behavior == nil {
		a.behavior = a.create()
	} else {
		a.renew()
	}
	return a
}

func (a *protoActor) renew() {
	a.strategy.abandon()
	a.failed = true
	defer func() {
		if a.failed {
			_ = recover()
		}
	}()
	a.behavior = a.create()
	a.failed = false
}

// started takes the actor's address, before it can get a message of a user.
func (a *protoActor) started(pid *proto.PID) {
	a.pid = pid
	a.process, _ = a.system.ProcessRegistry.Get(pid)
}

// DeadLetters counts the messages that no actor will handle.
func (s *protoSystem) DeadLetters() uint64 { return s.dead.Load() }

// Close stops all actors, and waits until they have stopped.
func (s *protoSystem) Close() {
	s.closing.Do(func() {
		s.mu.Lock()
		s.closed = true
		for a := range s.roots {
			a.Stop()
		}
		s.mu.Unlock()
		s.group.Wait()
		s.Shutdown()
	})
}

// Tell sends a message.
func (a *protoActor) Tell(message any) bool {
	if a.closing.Load() {
		return false
	}
	a.system.Root.Send(a.pid, message)
	a.settle()
	return true
}

// settle waits until what its caller has sent is counted, if the actor has stopped. Such a
// message may come after the last look into the mailbox, and Close does not wait for it.
func (a *protoActor) settle() {
	if a.stopped.Load() {
		mark := make(protoMark)
		a.process.SendUserMessage(a.pid, mark)
		<-mark
	}
}

// Ask sends a message and waits for the reply.
func (a *protoActor) Ask(ctx context.Context, message any) (any, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if a.closing.Load() {
		return nil, ErrStopped
	}
	k := &protoAsker{make(chan any, 1)}
	registry := a.system.ProcessRegistry
	self, _ := registry.Add(k, askerName+registry.NextId()) // no other has the name
	defer registry.Remove(self)
	a.system.Root.RequestWithCustomSender(a.pid, message, self)
	a.settle()
	reply, err := (&asker{k.answers}).await(ctx, a.done)
	if _, dead := reply.(*proto.DeadLetterResponse); dead {
		return nil, ErrStopped
	}
	return reply, err
}

// Stop has the actor stop when its mailbox is empty.
func (a *protoActor) Stop() {
	if !a.closing.Swap(true) {
		a.system.Root.Poison(a.pid)
	}
}

// Done is closed when the actor has stopped.
func (a *protoActor) Done() <-chan struct{} { return a.done }

// Receive handles the library's messages, and those of users.
func (a *protoActor) Receive(c proto.Context) {
	switch m := c.Message().(type) {
	case *proto.Started:
		if a.failed {
			a.closing.Store(true)
			c.Stop(c.Self())
		}
	case *proto.Stopping:
		a.closing.Store(true)
	case *proto.Stopped:
		a.stopped.Store(true)
		a.process.SendSystemMessage(a.pid, &proto.ResumeMailbox{}) // so that it is emptied after a panic, too
	case *proto.Restarting, *proto.Terminated:
	default:
		a.turn.context, a.turn.replied = c, false
		a.behavior.Receive(&a.turn, m)
	}
}

// MailboxStarted and MessagePosted are parts of the hook that count nothing.
func (a *protoActor) MailboxStarted() {}

// MessagePosted does nothing.
func (a *protoActor) MessagePosted(any) {}

// MessageReceived is told of each message that left the mailbox.
func (a *protoActor) MessageReceived(message any) {
	if mark, ok := message.(protoMark); ok {
		close(mark)
	} else if a.stopped.Load() && counts(message) {
		a.system.dead.Add(1)
	}
}

// MailboxEmpty is told when the mailbox is empty.
func (a *protoActor) MailboxEmpty() {
	if a.stopped.Load() {
		a.emptied.Do(a.leave)
	}
}

// leave ends the actor when it and its children have stopped.
func (a *protoActor) leave() {
	if a.open.Add(-1) > 0 {
		return
	}
	close(a.done)
	if a.parent != nil {
		a.parent.leave()
		return
	}
	a.system.mu.Lock()
	delete(a.system.roots, a)
	a.system.mu.Unlock()
	a.system.group.Done()
}

// protoTurn is the Context of the message that an actor handles now.
type protoTurn struct {
	actor   *protoActor
	context proto.Context
	replied bool
}

// Self is the actor's address.
func (t *protoTurn) Self() Ref { return t.actor }

// Reply answers an Ask.
func (t *protoTurn) Reply(message any) {
	if sender := t.context.Sender(); sender != nil && !t.replied {
		t.replied = true
		t.context.Send(sender, message)
	}
}

// Spawn starts a child.
func (t *protoTurn) Spawn(p Props) Ref {
	child := t.actor.system.actor(p, t.actor)
	t.actor.open.Add(1)
	child.started(t.context.Spawn(child.props()))
	return child
}

// Stop stops the actor after this message.
func (t *protoTurn) Stop() {
	t.actor.closing.Store(true)
	t.context.Stop(t.context.Self())
}

// protoStrategy decides as oneForOne does.
type protoStrategy struct{ family }

// HandleFailure decides about a child that has panicked.
func (s *protoStrategy) HandleFailure(
	_ *proto.ActorSystem, supervisor proto.Supervisor, child *proto.PID, _ *proto.RestartStatistics, reason, message any,
) {
	switch (oneForOne{}).decide(&s.family) {
	case Restart:
		supervisor.RestartChildren(child)
	case Escalate:
		supervisor.EscalateFailure(reason, message)
	default:
		supervisor.StopChildren(child)
	}
}

// protoMark is closed when it leaves the mailbox of an actor that has stopped.
type protoMark chan struct{}

// askerName starts the names of those that ask.
const askerName = "asker-"

// protoAsker is where the reply to one Ask goes.
type protoAsker struct{ answers chan any }

// SendUserMessage takes a reply.
func (k *protoAsker) SendUserMessage(_ *proto.PID, message any) {
	_, reply, _ := proto.UnwrapEnvelope(message)
	select {
	case k.answers <- reply:
	default: // it was the second one
	}
}

// SendSystemMessage takes nothing.
func (k *protoAsker) SendSystemMessage(*proto.PID, any) {}

// Stop does nothing.
func (k *protoAsker) Stop(*proto.PID) {}
