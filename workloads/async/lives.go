package async

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	asyncs "github.com/contendbench/contend/impls/async"
	"github.com/contendbench/contend/workloads/load"
)

// lives takes a fresh executor through a short life. Some programs are drawn at random, and
// several goroutines await each. A program that is never resumed hangs the round.
var lives = harness.Load{
	Name: "lives", Turn: "life of an executor",
	About:  "a fresh executor runs a few programs that sleep, fail, panic and await each other, and is closed",
	Params: []harness.AnyParam{load.Goroutines, size, workers},
	Points: harness.Points{Stress: []harness.Grid{
		harness.Over(harness.Within(load.Goroutines, 1, 20), harness.Within(size, 1, 60), workers.In(1, 2, 3, 8)),
		harness.Over(load.Goroutines.In(1), harness.Within(size, 50, 1000), workers.In(1, 2, 3, 8)),
	}},
}

var size = harness.Param[int]{
	Key: "size", About: "functions of a program, about, 1 to 10000", Default: 20, Valid: harness.Between(1, 10_000),
}

func runLives(t *harness.Trial, newExecutor start) error {
	n, size := load.Goroutines.Of(t), size.Of(t)
	return load.Rounds(t, func(rng *rand.Rand) error { return live(rng, newExecutor(workers.Of(t)), n, size) })
}

// live runs n programs, and checks what they return and how many functions ended.
func live(rng *rand.Rand, e executor, n, size int) error {
	const awaiters = 3
	var ends atomic.Int64
	var group sync.WaitGroup
	started := 0
	errs := make([]error, n*awaiters)
	for i := range n {
		p := draw(rng, size, &ends)
		want := p.forecast()
		started += want.started
		ctx, cancel := someContext(rng, time.Hour)
		defer cancel()
		var task asyncs.Task[Value]
		ready := make(chan struct{})
		for j := range awaiters {
			group.Go(func() {
				if j == 0 {
					task = e.run(ctx, p)
					close(ready)
				}
				<-ready
				errs[i*awaiters+j] = want.check(task.Await(context.Background()))
			})
		}
	}
	group.Wait()
	e.close()
	if got := ends.Load(); got != int64(started) {
		errs = append(errs, fmt.Errorf("%d of %d functions had ended when Close returned", got, started))
	}
	return errors.Join(errs...)
}

// draw makes a program of about that many functions.
func draw(rng *rand.Rand, size int, ends *atomic.Int64) *program {
	name := rng.IntN(1_000_000)
	p := &program{
		together: rng.IntN(2) == 0, twice: rng.IntN(3) == 0, carries: rng.IntN(2) == 0, ends: ends,
		sleep: sometimes(rng, 5, func() time.Duration { return shortTime(rng) }),
		err:   sometimes(rng, 20, func() error { return fmt.Errorf("error of function %d", name) }),
		panics: sometimes(rng, 20, func() any {
			return fmt.Sprintf("panic of function %d", name)
		}),
		left: sometimes(rng, 10, func() *program { return &program{sleep: shortTime(rng), ends: ends} }),
	}
	for left := size - 1; left > 0; {
		child := 1 + rng.IntN(left)
		p.children = append(p.children, draw(rng, child, ends))
		left -= child
	}
	return p
}

// sometimes returns what one of n calls makes.
func sometimes[T any](rng *rand.Rand, n int, makes func() T) (value T) {
	if rng.IntN(n) == 0 {
		value = makes()
	}
	return value
}

// shortTime is how long a function of a life sleeps.
func shortTime(rng *rand.Rand) time.Duration {
	return 1 + time.Duration(rng.IntN(int(200*time.Microsecond)))
}

// someContext returns a context of one kind or another, with a deadline that far away.
func someContext(rng *rand.Rand, deadline time.Duration) (context.Context, context.CancelFunc) {
	switch rng.IntN(4) {
	case 0:
		return context.WithTimeout(context.Background(), deadline)
	case 1:
		ctx, cancel := context.WithCancel(context.Background())
		return load.NewWatched(ctx), cancel
	case 2:
		return context.WithCancel(context.Background())
	}
	return context.Background(), func() {}
}
