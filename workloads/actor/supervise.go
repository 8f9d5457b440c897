package actor

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	actors "github.com/contendbench/contend/impls/actor"
	"github.com/contendbench/contend/workloads/load"
)

// supervise plays what a supervisor must do: each directive, the limit to restarts from
// both sides, and what becomes of mailboxes, siblings and children.
var supervise = harness.Workload[actors.New]{
	Load: harness.Load{
		Name: "supervise", Turn: "round", About: "an actor panics, and its supervisor stops it, restarts it or escalates",
		Params: []harness.AnyParam{dispatchers},
		Needs:  []impls.Promise{actors.Supervised}, Probes: []impls.Promise{actors.Supervised},
		Points: harness.Points{Stress: []harness.Grid{harness.Over(fewDispatchers)}},
	},
	Run: func(t *harness.Trial, create actors.New) error {
		return load.Rounds(t, func(rng *rand.Rand) error {
			p := plots[rng.IntN(len(plots))]
			system := closeOnce(create(dispatchers.Of(t)))
			err := p.play(rng, system)
			system.Close()
			if err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			return nil
		})
	},
}

// plots are what can happen between a supervisor and its children.
var plots = []struct {
	name string
	play func(*rand.Rand, actors.System) error
}{
	{"stop", playStop},
	{"top", playTop},
	{"restart", playRestart},
	{"limit", playLimit},
	{"limit within a time", playWithin},
	{"escalate", playEscalate},
	{"children of the old state", playGrandchild},
	{"limit of a supervisor that is restarted", playRenewed},
	{"a New that panics", playBarren},
}

// playStop has a child panic in the middle of its mailbox, under a supervisor that stops
// it. The rest of the mailbox is dead. A sibling and the supervisor live on.
func playStop(rng *rand.Rand, system actors.System) error {
	parent := system.Spawn(parentProps(actors.Supervision{}, nil))
	victim, sibling := newMortal(), newMortal()
	v, s := spawnUnder(parent, victim.props()), spawnUnder(parent, sibling.props())
	before, after := rng.IntN(20), rng.IntN(20)
	victim.send(v, before)
	v.Tell(die{})
	victim.send(v, after)
	close(victim.gate)
	<-v.Done()
	close(sibling.gate)
	sibling.send(s, 1)
	third := newMortal()
	close(third.gate)
	err := errors.Join(sibling.lives(s), third.lives(spawnUnder(parent, third.props())))
	system.Close()
	return errors.Join(err, victim.check(before, 1), sibling.check(1, 1), third.check(0, 1),
		differs("dead letters", int(system.DeadLetters()), after))
}

// playTop has an actor panic that has no supervisor. It stops, and so do its children.
func playTop(_ *rand.Rand, system actors.System) error {
	parent := system.Spawn(parentProps(actors.Supervision{Then: actors.Restart}, nil))
	child := newMortal()
	close(child.gate)
	c := spawnUnder(parent, child.props())
	if err := child.lives(c); err != nil {
		return err
	}
	parent.Tell(die{})
	<-parent.Done()
	<-c.Done()
	if parent.Tell(die{}) || c.Tell(ping{}) {
		return errors.New("an actor took a message after the panic at the top of its tree")
	}
	return child.check(0, 1)
}

// playRestart has a child panic again and again. What is in its mailbox stays.
func playRestart(rng *rand.Rand, system actors.System) error {
	child := newMortal()
	c := spawnUnder(system.Spawn(parentProps(actors.Supervision{Then: actors.Restart}, nil)), child.props())
	panics, each := 1+rng.IntN(20), rng.IntN(10)
	for range panics {
		child.send(c, each)
		c.Tell(die{})
	}
	close(child.gate)
	return errors.Join(child.lives(c), child.check(panics*each, 1+panics))
}

// playLimit has children panic as often as their supervisor may restart them together, and
// then once more. That escalates to the top, and stops the tree.
func playLimit(rng *rand.Rand, system actors.System) error {
	limit := 1 + rng.IntN(10)
	parent := system.Spawn(parentProps(restarting(limit, time.Hour), nil))
	children := make([]*mortal, 1+rng.IntN(3))
	refs, panics := make([]actors.Ref, len(children)), make([]int, len(children))
	for i := range children {
		children[i] = newMortal()
		close(children[i].gate)
		refs[i] = spawnUnder(parent, children[i].props())
	}
	for range limit {
		i := rng.IntN(len(children))
		refs[i].Tell(die{})
		panics[i]++
	}
	for i, c := range children {
		if err := c.lives(refs[i]); err != nil {
			return fmt.Errorf("%d restarts of at most %d: %w", limit, limit, err)
		}
	}
	last := rng.IntN(len(children))
	refs[last].Tell(die{})
	if children[last].lives(refs[last]) == nil {
		return fmt.Errorf("%d actors were restarted more than %d times in an hour", len(children), limit)
	}
	<-parent.Done()
	var errs []error
	for i, c := range children {
		errs = append(errs, c.check(0, 1+panics[i]))
	}
	return errors.Join(errs...)
}

// playWithin has a child panic more often than the limit, but not within its time.
func playWithin(rng *rand.Rand, system actors.System) error {
	const within = 200 * time.Microsecond
	limit := 1 + rng.IntN(3)
	parent := system.Spawn(parentProps(restarting(limit, within), nil))
	child := newMortal()
	close(child.gate)
	c := spawnUnder(parent, child.props())
	for range 3 * limit {
		c.Tell(die{})
		if err := child.lives(c); err != nil {
			return fmt.Errorf("never more than one panic in %v: %w", within, err)
		}
		time.Sleep(2 * within) // longer on a busy machine, which is as good
	}
	return child.check(0, 1+3*limit)
}

// playEscalate has a child panic under a supervisor that escalates. That supervisor fails,
// and its own restarts it.
func playEscalate(_ *rand.Rand, system actors.System) error {
	made := make(chan struct{}, 8)
	top := system.Spawn(parentProps(actors.Supervision{Then: actors.Restart}, nil))
	middle := spawnUnder(top, parentProps(actors.Supervision{Then: actors.Escalate}, made))
	<-made
	child := newMortal()
	close(child.gate)
	c := spawnUnder(middle, child.props())
	c.Tell(die{})
	<-c.Done()
	<-made
	next := newMortal()
	close(next.gate)
	return errors.Join(next.lives(spawnUnder(middle, next.props())), child.check(0, 1), next.check(0, 1),
		differs("more states of the supervisor", len(made), 0))
}

// playRenewed has a supervisor escalate again and again, once its limit is exceeded. It is
// restarted then, and counts from there.
func playRenewed(rng *rand.Rand, system actors.System) error {
	made, limit := make(chan struct{}, 8), 1+rng.IntN(4)
	top := system.Spawn(parentProps(actors.Supervision{Then: actors.Restart}, nil))
	middle := spawnUnder(top, parentProps(restarting(limit, time.Hour), made))
	<-made
	for life := range 3 {
		child := newMortal()
		close(child.gate)
		c := spawnUnder(middle, child.props())
		for range limit {
			c.Tell(die{})
		}
		if err := child.lives(c); err != nil {
			return fmt.Errorf("%d restarts of at most %d since restart %d of the supervisor: %w", limit, limit, life, err)
		}
		c.Tell(die{})
		<-c.Done()
		<-made
		if err := child.check(0, 1+limit); err != nil {
			return err
		}
	}
	return nil
}

// playBarren has the New of an actor panic at a restart. The actor stops, and the rest of
// its mailbox is dead.
func playBarren(rng *rand.Rand, system actors.System) error {
	parent := system.Spawn(parentProps(actors.Supervision{Then: actors.Restart}, nil))
	states, after := 1+rng.IntN(3), rng.IntN(20)
	child := newMortal()
	p, made := child.props(), 0
	create := p.New
	p.New = func() actors.Behavior {
		if made++; made > states {
			panic(errDeadly)
		}
		return create()
	}
	c := spawnUnder(parent, p)
	for range states {
		c.Tell(die{})
	}
	child.send(c, after)
	c.Tell(ping{})
	close(child.gate)
	select {
	case <-child.pinged:
		return errors.New("an actor went on whose New had panicked")
	case <-c.Done():
	}
	system.Close()
	return errors.Join(child.check(0, states), differs("dead letters", int(system.DeadLetters()), after+1))
}

// playGrandchild has an actor panic that has a child. The child stops, and the actor has a
// new one.
func playGrandchild(_ *rand.Rand, system actors.System) error {
	made := make(chan struct{}, 8)
	top := system.Spawn(parentProps(actors.Supervision{Then: actors.Restart}, nil))
	middle := spawnUnder(top, parentProps(actors.Supervision{}, made))
	<-made
	old, next := newMortal(), newMortal()
	close(old.gate)
	close(next.gate)
	o := spawnUnder(middle, old.props())
	if err := old.lives(o); err != nil {
		return err
	}
	middle.Tell(die{})
	<-made
	<-o.Done()
	return errors.Join(next.lives(spawnUnder(middle, next.props())), old.check(0, 1), next.check(0, 1))
}

func restarting(limit int, within time.Duration) actors.Supervision {
	return actors.Supervision{Then: actors.Restart, Limit: limit, Within: within}
}

type (
	// die has an actor panic.
	die struct{}
	// ping is answered on a channel of the actor.
	ping struct{}
	// birth has an actor spawn a child.
	birth struct {
		props actors.Props
		born  chan actors.Ref
	}
)

// parentProps are those of an actor that spawns children. made hears of each of its
// states; nil: it does not.
func parentProps(s actors.Supervision, made chan struct{}) actors.Props {
	return actors.Props{Capacity: 8, Supervise: s, New: func() actors.Behavior {
		if made != nil {
			made <- struct{}{}
		}
		return actors.Func(func(c actors.Context, m any) {
			b, ok := m.(birth)
			if !ok {
				panic(errDeadly)
			}
			b.born <- c.Spawn(b.props)
		})
	}}
}

// spawnUnder has a parent spawn a child.
func spawnUnder(parent actors.Ref, p actors.Props) actors.Ref {
	b := birth{p, make(chan actors.Ref, 1)}
	parent.Tell(b)
	return <-b.born
}

// mortal is an actor that panics when it is told to. It handles nothing before its gate is
// open.
type mortal struct {
	seen   *witness // over all states
	gate   chan struct{}
	pinged chan struct{}
	made   atomic.Int64
	sent   int
	stale  atomic.Bool // a state was used after its panic
}

func newMortal() *mortal {
	return &mortal{seen: newWitness(1), gate: make(chan struct{}), pinged: make(chan struct{}, 1)}
}

func (k *mortal) props() actors.Props {
	return actors.Props{Capacity: 1000, New: func() actors.Behavior {
		k.made.Add(1)
		dead := false
		return actors.Func(func(_ actors.Context, m any) {
			<-k.gate
			if dead {
				k.stale.Store(true)
			}
			switch m := m.(type) {
			case *letter:
				k.seen.see(m)
			case ping:
				k.pinged <- struct{}{}
			case die:
				dead = true
				panic(errDeadly)
			}
		})
	}}
}

// send sends n letters.
func (k *mortal) send(ref actors.Ref, n int) {
	for range n {
		k.sent++
		ref.Tell(newLetter(0, k.sent))
	}
}

// lives waits until the actor has handled what it was told. It returns an error if the
// actor has stopped.
func (k *mortal) lives(ref actors.Ref) error {
	ref.Tell(ping{})
	select {
	case <-k.pinged:
		return nil
	case <-ref.Done():
		return errors.New("an actor has stopped that must live on")
	}
}

// check checks what the actor has seen: letters and states.
func (k *mortal) check(letters, states int) error {
	errs := []error{
		k.seen.wrong, differs("letters handled", k.seen.handled, letters),
		differs("states made", int(k.made.Load()), states),
	}
	if k.stale.Load() {
		errs = append(errs, errors.New("an actor went on with the state that had panicked"))
	}
	return errors.Join(errs...)
}
