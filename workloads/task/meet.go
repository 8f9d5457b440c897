package task

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	tasks "github.com/contendbench/contend/impls/task"
)

// looks is how many milliseconds a goroutine waits for what must happen.
const looks = 250

// insist submits a task to a pool, and tries again while it is full.
func insist(p tasks.Pool, task func()) error {
	for try := 1; ; try++ {
		err := p.Submit(context.Background(), task)
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, tasks.ErrFull):
			return fmt.Errorf("submitting a task: %w", err)
		case try%100 == 0:
			time.Sleep(100 * time.Microsecond)
		default:
			runtime.Gosched()
		}
	}
}

// A roll waits for n calls. More calls do no harm: a broken pool must not crash the
// process.
type roll struct {
	wanted int64
	calls  atomic.Int64
	all    chan struct{} // closed by the last
}

func newRoll(n int) *roll {
	r := &roll{wanted: int64(n), all: make(chan struct{})}
	if n == 0 {
		close(r.all)
	}
	return r
}

func (r *roll) call() {
	if r.calls.Add(1) == r.wanted {
		close(r.all)
	}
}

func (r *roll) wait() { <-r.all }

// meet submits n tasks that wait for each other, and returns when all have met. It hangs
// if the pool has fewer workers.
func meet(n int, submit func(task func()) error) error {
	here := newRoll(n)
	for range n {
		if err := submit(func() { here.call(); here.wait() }); err != nil {
			return err
		}
	}
	here.wait()
	return nil
}
