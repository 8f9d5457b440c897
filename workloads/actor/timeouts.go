package actor

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	actors "github.com/contendbench/contend/impls/actor"
	"github.com/contendbench/contend/workloads/load"
)

// timeouts has clients whose questions end at about the time of their answers. An answer
// that comes too late goes nowhere, least of all to the next question.
var timeouts = harness.Workload[actors.New]{
	Load: harness.Load{
		Name: "timeouts", Turn: "round of questions", About: "questions end at about the time of their answers",
		Params: []harness.AnyParam{load.Goroutines, dispatchers},
		Needs:  []impls.Promise{actors.Asks}, Probes: []impls.Promise{actors.Asks},
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(harness.Within(load.Goroutines, 1, 60), fewDispatchers),
		}},
	},
	Run: func(t *harness.Trial, create actors.New) error {
		n := load.Goroutines.Of(t)
		return load.Rounds(t, func(rng *rand.Rand) error {
			system := create(dispatchers.Of(t))
			err := askInTime(rng, system, n)
			system.Close()
			return err
		})
	},
}

// questions is how many a client asks in a round.
const questions = 20

// askInTime plays one round.
func askInTime(rng *rand.Rand, system actors.System, n int) error {
	delays := rand.New(rand.NewPCG(rng.Uint64(), 0))
	ref := system.Spawn(props(2*n*questions, func(c actors.Context, m any) {
		question, ok := m.(int)
		if !ok {
			c.Reply(m) // it was told: the answer goes nowhere
			return
		}
		if delays.IntN(4) == 0 {
			load.Pause(delays, 20*time.Microsecond)
		}
		if question%7 != 0 { // others are never answered
			c.Reply(answerTo(question))
		}
		if question%7 != 0 && delays.IntN(4) == 0 {
			load.Pause(delays, 20*time.Microsecond)
			c.Reply("a second reply") // does nothing, also if the asker asks again
		}
	}))
	errs := make([]error, n)
	var group sync.WaitGroup
	for i := range errs {
		own := rand.New(rand.NewPCG(rng.Uint64(), uint64(i)))
		group.Go(func() {
			for q := range questions {
				if errs[i] = askOnce(own, ref, q*n+i); errs[i] != nil {
					return
				}
				if !ref.Tell(starts{}) {
					errs[i] = errors.New("an actor refused a message, although it had not stopped")
				}
			}
		})
	}
	group.Wait()
	return errors.Join(append(errs, askTheDying(system))...)
}

// askTheDying asks actors that reply and then stop.
func askTheDying(system actors.System) error {
	for q := range questions {
		ref := system.Spawn(props(1, func(c actors.Context, m any) {
			c.Reply(answerTo(m.(int)))
			c.Stop()
		}))
		if got, err := ref.Ask(context.Background(), q); err != nil || got != answerTo(q) {
			return fmt.Errorf("an Ask of an actor that replied and then stopped: got %v and error %v, want %d",
				got, err, answerTo(q))
		}
	}
	return nil
}

// askOnce asks one question, with a context that ends soon.
func askOnce(rng *rand.Rand, ref actors.Ref, question int) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(1+rng.IntN(int(200*time.Microsecond))))
	defer cancel()
	if rng.IntN(8) == 0 {
		cancel() // before the question
	}
	got, err := ref.Ask(ctx, question)
	switch {
	case err != nil && ctx.Err() == nil:
		return fmt.Errorf("an Ask ended before its context: %w", err)
	case err != nil && !errors.Is(err, ctx.Err()):
		return fmt.Errorf("an Ask whose context has ended: got error %w, want that of the context", err)
	case err == nil && question%7 == 0:
		return fmt.Errorf("question %d: got answer %v, want none", question, got)
	case err == nil && got != answerTo(question):
		return fmt.Errorf("question %d: got answer %v, want %d", question, got, answerTo(question))
	}
	return nil
}
