package actor

// turn is the Context of the message that a goroutine handles now. The goroutine has one
// for all of its actors.
type turn struct {
	actor *cell
	asker *asker // nil: there is nothing to answer
	// passes has a panic end the goroutine, for an engine that starts another one.
	passes bool
}

// Self is the actor's address.
func (t *turn) Self() Ref { return t.actor }

// Reply answers an Ask.
func (t *turn) Reply(message any) {
	if t.asker != nil {
		t.asker.answers <- message
		t.asker = nil
	}
}

// Spawn starts a child.
func (t *turn) Spawn(p Props) Ref { return t.actor.system.spawn(p, t.actor) }

// Stop stops the actor after this message.
func (t *turn) Stop() { t.actor.kill() }

// batch is how many messages an actor handles before other actors of its dispatcher run.
const batch = 128

// outcome says why an actor handles no more messages for now.
type outcome int

const (
	drained outcome = iota // its mailbox is empty
	spent                  // it has handled a batch
	failed                 // it has panicked, or a child's failure was escalated
	ended                  // it stops
)

// run runs an actor until it rests, yields or has stopped.
func (a *cell) run(t *turn) {
	t.actor = a
	for away := false; !away; {
		switch a.handle(t) {
		case drained:
			away = a.box.rest()
		case spent:
			away = a.box.yield()
		case failed:
			a.supervised()
			away = a.box.yield()
		case ended:
			a.finish()
			return
		}
	}
}

// handle handles a batch of messages. A panic ends it, and its value is lost.
func (a *cell) handle(t *turn) (o outcome) {
	o = failed
	defer func() {
		if o == failed && !t.passes {
			_ = recover()
		}
		t.asker = nil
	}()
	for range batch {
		s := a.state.Load() // before the look into the mailbox: what was told before Stop is there
		if s&(killed|upset) != 0 {
			return a.obey(s)
		}
		e, ok := a.box.take()
		if !ok && s&closing != 0 {
			return ended
		}
		if !ok {
			return drained
		}
		t.asker = e.asker
		a.behavior.Receive(t, e.message)
	}
	return spent
}

// obey is the outcome of a state that asks for more than to handle messages.
func (a *cell) obey(state uint32) outcome {
	if state&killed != 0 {
		return ended
	}
	a.state.And(^uint32(upset))
	return failed
}
