package task

import (
	"context"
	"errors"
	"sync"

	"github.com/alitto/pond/v2"
	"github.com/bytedance/gopkg/util/gopool"
	"github.com/gammazero/workerpool"
	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"

	"github.com/contendbench/contend/impls"
)

// libraries returns the pools of others.
func libraries() []impls.Impl[New] {
	return []impls.Impl[New]{
		impls.Headline(impls.New("ants", impls.Library, "github.com/panjf2000/ants/v2 v2.12.1",
			func(workers, _ int) Pool { return NewAnts(workers) },
			Limited, Blocks)),
		impls.Headline(impls.New("pond", impls.Library, "github.com/alitto/pond/v2 v2.7.1",
			func(workers, _ int) Pool { return NewPond(workers, pond.Unbounded) },
			Limited, impls.Unbounded, Nested, SurvivesPanic, SurvivesGoexit, RefusesLate)),
		impls.New("pond-bounded", impls.Library, "github.com/alitto/pond/v2 v2.7.1",
			func(workers, queue int) Pool { return NewPond(workers, queue) },
			Limited, Blocks, SurvivesPanic, SurvivesGoexit, RefusesLate, CloseWakes),
		impls.New("conc", impls.Library, "github.com/sourcegraph/conc v0.3.0",
			func(workers, _ int) Pool { return NewConc(workers) }, Limited, Blocks),
		impls.New("gammazero", impls.Library, "github.com/gammazero/workerpool v1.3.0",
			func(workers, _ int) Pool { return NewGammazero(workers) }, Limited, impls.Unbounded, Nested),
		impls.New("gopool", impls.Library, "github.com/bytedance/gopkg v0.1.4",
			func(workers, _ int) Pool { return NewGopool(workers) }, impls.Unbounded, Nested, SurvivesPanic),
		impls.New("errgroup", impls.Library, "golang.org/x/sync v0.24.0",
			func(workers, _ int) Pool { return NewErrgroup(workers) }, Limited, Blocks, SurvivesGoexit),
	}
}

// Pond is the pool of alitto/pond.
//
// Source: github.com/alitto/pond/v2 v2.7.1.
// Progress: FIFO among tasks. Waiting submitters are woken one for each task that leaves
// the queue.
// Space: a linked buffer of at least 1024 tasks; workers end when the queue is empty.
// Ordering: every access is under a mutex.
// Wins with its options; a panic is an error of the task. Loses with tiny tasks that come
// one at a time, because each starts a worker again.
// A Submit that waits for room ends when the pool is closed. It does not hear its context.
// Make one with NewPond. A Pond may be copied: copies are the same pool.
type Pond struct{ pool pond.Pool }

// NewPond returns a pool that queues so many tasks, or any number with pond.Unbounded.
func NewPond(workers, queue int) Pond {
	return Pond{pond.NewPool(workers, pond.WithQueueSize(queue))}
}

// Submit queues a task, and waits for room.
func (p Pond) Submit(_ context.Context, task func()) error {
	err := p.pool.Go(task)
	// A Submit that waited gets the error of the pool's own context, which ends with it.
	if errors.Is(err, pond.ErrPoolStopped) || errors.Is(err, context.Canceled) {
		return ErrClosed
	}
	return err
}

// Close waits for the tasks.
func (p Pond) Close() { p.pool.StopAndWait() }

// Conc is the pool of sourcegraph/conc, which starts workers as they are needed and has no
// queue.
//
// Source: github.com/sourcegraph/conc v0.3.0, package pool.
// Progress: FIFO among waiting Submits, as in channels. A Submit by a task waits forever if
// all workers do that.
// Space: a goroutine for each worker.
// Ordering: that of channels.
// Wins where a panic should reach the caller: Wait, and so Close, panics with it. The
// worker is gone then, and a Submit that waited for it waits forever. Loses with tiny
// tasks, as its documentation says.
// Make one with NewConc. It has no way to refuse a Submit after Close. A Conc must not be
// copied.
type Conc struct {
	pool *pool.Pool
	once sync.Once // Wait must be called once
}

// NewConc returns a pool.
func NewConc(workers int) *Conc { return &Conc{pool: pool.New().WithMaxGoroutines(workers)} }

// Submit waits for a worker.
func (p *Conc) Submit(_ context.Context, task func()) error {
	p.pool.Go(task)
	return nil
}

// Close waits for the tasks.
func (p *Conc) Close() { p.once.Do(p.pool.Wait) }

// Gammazero is the pool of gammazero, in which a dispatcher moves tasks from one channel
// to another one.
//
// Source: github.com/gammazero/workerpool v1.3.0.
// Progress: FIFO among tasks. The queue is not bounded.
// Space: a deque; a goroutine for the dispatcher and for each worker. A worker ends after
// some idle seconds.
// Ordering: that of channels.
// Wins nowhere here; it shows what a dispatcher costs. A task that panics ends the process.
// After one that ends its goroutine, Close waits forever for that worker.
// Make one with NewGammazero. A Submit after Close panics. A Gammazero may be copied:
// copies are the same pool.
type Gammazero struct{ pool *workerpool.WorkerPool }

// NewGammazero returns a pool whose dispatcher has started.
func NewGammazero(workers int) Gammazero { return Gammazero{workerpool.New(workers)} }

// Submit sends a task to the dispatcher.
func (p Gammazero) Submit(_ context.Context, task func()) error {
	p.pool.Submit(task)
	return nil
}

// Close waits for the tasks.
func (p Gammazero) Close() { p.pool.StopWait() }

// Gopool is the pool of bytedance/gopkg, which is a queue and as many goroutines as there
// are tasks, up to a limit that it may exceed.
//
// Source: github.com/bytedance/gopkg v0.1.4, package util/gopool.
// Progress: FIFO among tasks. The queue is not bounded.
// Space: a list, whose elements are pooled; workers end when the queue is empty.
// Ordering: every access to the queue is under a mutex.
// Wins with tasks that come in bursts. Submitters compare the number of workers with the
// limit before they count another one, so there is no promise to keep it.
// It cannot be closed. The adapter counts the tasks for that, and a Submit after Close
// still runs. A task that ends its goroutine leaves the number of workers wrong.
// Make one with NewGopool. A Gopool must not be copied.
type Gopool struct {
	pool    gopool.Pool
	running sync.WaitGroup
}

// NewGopool returns a pool without workers.
func NewGopool(workers int) *Gopool {
	p := &Gopool{pool: gopool.NewPool("contend", int32(workers), gopool.NewConfig())}
	p.pool.SetPanicHandler(func(context.Context, any) {}) // it would log them
	return p
}

// Submit queues a task.
func (p *Gopool) Submit(_ context.Context, task func()) error {
	p.running.Add(1)
	p.pool.Go(func() {
		defer p.running.Done()
		task()
	})
	return nil
}

// Close waits for the tasks.
func (p *Gopool) Close() { p.running.Wait() }

// Errgroup is the group of golang.org/x/sync with a limit: a semaphore, a goroutine for
// each task, and a wait for all.
//
// Source: golang.org/x/sync v0.24.0, package errgroup.
// Progress: FIFO among waiting Submits, as in channels. A Submit by a task waits forever if
// all workers do that.
// Space: a channel; a goroutine for each task that runs.
// Ordering: that of sync.WaitGroup.
// Wins and loses as Semaphore does. A task that panics ends the process.
// Make one with NewErrgroup. It has no way to refuse a Submit after Close. An Errgroup may
// be copied: copies are the same group.
type Errgroup struct{ group *errgroup.Group }

// NewErrgroup returns a group that runs at most workers tasks at once.
func NewErrgroup(workers int) Errgroup {
	p := Errgroup{new(errgroup.Group)}
	p.group.SetLimit(workers)
	return p
}

// Submit starts a goroutine when there is room.
func (p Errgroup) Submit(_ context.Context, task func()) error {
	p.group.Go(func() error {
		task()
		return nil
	})
	return nil
}

// Close waits for the tasks.
func (p Errgroup) Close() { _ = p.group.Wait() } // tasks have no errors
