package actor

import (
	"sync"
	"time"
)

// family is the children of an actor, or the actors at the top of a system.
type family struct {
	mu        sync.Mutex
	youngest  *cell
	closed    bool // it takes no more children
	supervise Supervision
	restarts  []time.Time // those that count
}

// add adds a child, unless the family is closed.
func (f *family) add(a *cell) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return false
	}
	if a.older = f.youngest; a.older != nil {
		a.older.younger = a
	}
	f.youngest = a
	return true
}

// leave removes a child. It reports whether a closed family is empty now.
func (f *family) leave(a *cell) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if a.older != nil {
		a.older.younger = a.younger
	}
	if a.younger != nil {
		a.younger.older = a.older
	} else {
		f.youngest = a.older
	}
	a.older, a.younger = nil, nil
	return f.closed && f.youngest == nil
}

// close takes no more children and stops those that there are. It reports whether there
// are none.
func (f *family) close() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	return f.stop()
}

// abandon stops the children, for a supervisor that starts anew.
func (f *family) abandon() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.restarts = nil
	f.stop()
}

// stop stops the children, after what is in their mailboxes. The caller holds mu.
func (f *family) stop() (none bool) {
	for a := f.youngest; a != nil; a = a.older {
		a.Stop()
	}
	return f.youngest == nil
}

// strategy is how supervisors act.
type strategy interface {
	// decide is what to do with a child of f that has failed.
	decide(f *family) Directive
	// renew makes an actor's state anew.
	renew(a *cell)
}

// oneForOne is supervision of each child for itself: a failure concerns the child that has
// failed, and no sibling. The goroutine that runs the failed child decides, by what its
// parent's Props say, so a supervisor that is busy delays nothing.
//
// Source: Armstrong, Making reliable distributed systems in the presence of software
// errors, 2003, §5.2; Erlang/OTP, Supervisor Behaviour: one_for_one, and the intensity of
// restarts within a period. As there, the restarts of all children count together.
// Space: a time for each restart that counts, at most Limit.
type oneForOne struct{}

func (oneForOne) decide(f *family) Directive {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.supervise
	if s.Then != Restart || s.Limit == 0 {
		return s.Then
	}
	now := time.Now()
	f.forget(now)
	return f.restart(now)
}

// forget drops the restarts that count no more.
func (f *family) forget(now time.Time) {
	old := 0
	for f.supervise.Within > 0 && old < len(f.restarts) && now.Sub(f.restarts[old]) > f.supervise.Within {
		old++
	}
	f.restarts = append(f.restarts[:0], f.restarts[old:]...)
}

// restart counts a restart, or escalates if there were too many.
func (f *family) restart(now time.Time) Directive {
	if len(f.restarts) >= f.supervise.Limit {
		return Escalate
	}
	f.restarts = append(f.restarts, now)
	return Restart
}

func (oneForOne) renew(a *cell) {
	if a.family != nil {
		a.family.abandon()
	}
	a.behavior = a.create()
}

// supervised does what the actor's supervisor decides. At the top, there is none.
func (a *cell) supervised() {
	decision := StopChild
	if a.parent != nil {
		decision = a.system.strategy.decide(a.parent.family)
	}
	switch {
	case decision == Restart && a.renewed():
	case decision == Escalate:
		a.kill()
		a.parent.fail()
	default:
		a.kill()
	}
}

// renewed makes the state anew. It reports whether that succeeded.
func (a *cell) renewed() (ok bool) {
	defer func() {
		if !ok {
			_ = recover()
		}
	}()
	a.system.strategy.renew(a)
	return true
}
