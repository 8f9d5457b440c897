package task

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/panjf2000/ants/v2"
)

// Ants is the pool of panjf2000/ants: a stack of idle workers, each with a channel, and no
// queue.
//
// Source: github.com/panjf2000/ants/v2 v2.12.1.
// Progress: waiting Submits sleep on a condition; newcomers may pass them. A Submit by a
// task waits forever if all workers do that.
// Space: a goroutine and a channel for each worker; two goroutines that purge idle workers
// and keep the time.
// Ordering: that of a mutex, and of the worker's channel.
// Wins with tasks that are long enough to hide the switch to a worker. Loses with tiny
// tasks, each of which is handed to a goroutine that sleeps.
// A Submit that waits for a worker does not hear its context. One that meets Close may
// wait for ever: it looks whether the pool is closed before it takes the lock, and
// Release wakes those that wait by then. Ants alone shows it within a minute, with 16
// submitters and GOMAXPROCS=16 on 2 cores. Nor does a Submit always hear of a worker
// that a task's panic or runtime.Goexit has ended: it looks for room under the lock, and
// the worker gives its room back and signals without it. Ants alone shows that, too:
// with one worker and tasks that panic, a Submit waits for ever after 0.1 to 1.2 million
// of them. There is no option to lock workers to threads, so ants is no thread pool.
// Make one with NewAnts. An Ants must not be copied.
type Ants struct {
	pool *ants.Pool
	err  error // of making it
	once sync.Once
}

// The module makes a default pool, whose two goroutines wake up every second and every half
// second, beside every measurement. A program that uses that pool calls ants.Reboot.
func init() {
	if err := ants.ReleaseTimeout(time.Second); err != nil && !errors.Is(err, ants.ErrPoolClosed) {
		panic("task: releasing the default pool of ants: " + err.Error())
	}
}

// NewAnts returns a pool.
func NewAnts(workers int) *Ants {
	p := new(Ants)
	p.pool, p.err = ants.NewPool(workers, ants.WithPanicHandler(func(any) {})) // it would log panics
	return p
}

// Submit waits for a worker.
func (p *Ants) Submit(_ context.Context, task func()) error {
	if p.err != nil {
		return p.err
	}
	err := p.pool.Submit(task)
	if errors.Is(err, ants.ErrPoolClosed) {
		return ErrClosed
	}
	return err
}

// Close waits for the workers. A second call of ReleaseContext would not wait.
func (p *Ants) Close() {
	if p.err != nil {
		return
	}
	p.once.Do(func() {
		if err := p.pool.ReleaseContext(context.Background()); err != nil {
			panic("task: releasing ants: " + err.Error())
		}
	})
}
