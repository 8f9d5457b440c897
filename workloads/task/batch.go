package task

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/machine"
	"github.com/contendbench/contend/impls/cpu"
	tasks "github.com/contendbench/contend/impls/task"
)

// A job is a task that its submitter submits again and again. A closure for each
// submission would be measured with the pool. A job is in one hand at a time, so its data
// is plain: the race detector sees a pool that does not hand it over.
type job struct {
	run     func()
	number  int
	chain   uint64 // state of the spin
	asked   uint64 // submissions that were accepted
	ran     uint64
	started time.Duration // see handoff
	_       [cpu.Line - 48]byte
}

// A batch is the jobs of one submitter. The submitter submits some, and waits until they
// have run.
type batch struct {
	jobs    []job
	pending int64 // submitted since the last wait
	refused uint64

	_    [cpu.Line]byte
	left atomic.Int64 // while the submitter waits: jobs that have not run yet; else 0 or less
	_    [cpu.Line - 8]byte
	done chan struct{}
}

func newBatch(n int, work func(*job)) *batch {
	b := &batch{jobs: make([]job, n), done: make(chan struct{}, 1)}
	for i := range b.jobs {
		j := &b.jobs[i]
		j.number = i
		j.run = func() {
			work(j)
			j.ran++
			b.checkIn()
		}
	}
	return b
}

func newBatches(count, n int, work func(*job)) []*batch {
	batches := make([]*batch, count)
	for i := range batches {
		batches[i] = newBatch(n, work)
	}
	return batches
}

// checkIn counts a job that has run, and wakes the submitter after the last. A pool that
// runs a job twice must not crash the process, so this is no sync.WaitGroup.
func (b *batch) checkIn() {
	if b.left.Add(-1) == 0 {
		select {
		case b.done <- struct{}{}:
		default:
		}
	}
}

// full reports whether all jobs are under way.
func (b *batch) full() bool { return b.pending == int64(len(b.jobs)) }

// submit submits the next job. It tries again while the pool is full.
func (b *batch) submit(p tasks.Pool) error {
	j := &b.jobs[b.pending]
	j.asked++
	for {
		err := p.Submit(context.Background(), j.run)
		if err == nil {
			b.pending++
			return nil
		}
		if !errors.Is(err, tasks.ErrFull) {
			j.asked--
			return fmt.Errorf("submitting a task: %w", err)
		}
		b.refused++
		runtime.Gosched()
	}
}

// wait waits until all jobs that were submitted have run. Those that ran before it have
// taken left below zero.
func (b *batch) wait() {
	n := b.pending
	b.pending = 0
	if n > 0 && b.left.Add(n) != 0 {
		<-b.done
	}
}

// call submits one job and waits until it has run.
func (b *batch) call(p tasks.Pool) error {
	if err := b.submit(p); err != nil {
		return err
	}
	b.wait()
	if j := &b.jobs[0]; j.ran != j.asked {
		return fmt.Errorf("got result %d of a task, want %d", j.ran, j.asked)
	}
	return nil
}

// check returns an error unless each job ran as often as the pool accepted it.
func (b *batch) check() error {
	for i := range b.jobs {
		if j := &b.jobs[i]; j.ran != j.asked {
			return fmt.Errorf("a task was accepted %d times and ran %d times", j.asked, j.ran)
		}
	}
	return nil
}

// A site is a pool under a measured load, and the batches of its submitters.
type site struct {
	pool    tasks.Pool
	batches []*batch
	failure atomic.Pointer[error] // the first that a task saw
}

// fail notes an error that a task saw.
func (s *site) fail(err error) { s.failure.CompareAndSwap(nil, &err) }

// play declares the roles and the checks of a window: each submitter plays body with its
// batch, and the pool is closed after them.
func (s *site) play(w *harness.Window, submitters int, body func(w *harness.Worker, b *batch) error) {
	gone := make(chan struct{})
	w.While(func() string { return missing(s.batches) })
	w.Go("submitter", submitters, func(w *harness.Worker) {
		b := s.batches[w.ID]
		if err := body(w, b); err != nil {
			w.Fail(err)
		}
		b.wait()
	}, harness.Then(func() { close(gone) }))
	w.Go("closer", 1, func(*harness.Worker) {
		<-gone
		s.pool.Close()
	}, harness.After("submitter"))
	w.Check(s.check)
}

// missing says how many accepted tasks have not run, for a hang.
func missing(batches []*batch) string {
	n := int64(0)
	for _, b := range batches {
		n += max(b.left.Load(), 0)
	}
	return fmt.Sprintf("%d tasks that submitters wait for have not run", n)
}

func (s *site) check() error {
	if err := s.failure.Load(); err != nil {
		return *err
	}
	for _, b := range s.batches {
		if err := b.check(); err != nil {
			return err
		}
	}
	return nil
}

// refusals returns how often the pool was full.
func (s *site) refusals() (n uint64) {
	for _, b := range s.batches {
		n += b.refused
	}
	return n
}

// refused is what a pool that rejects makes its submitters do.
var refused = harness.Metric{
	Unit: "refused/op", Better: harness.Lower, About: "refusals by a full pool for each task",
}

// asked returns how many tasks the pool has accepted.
func (s *site) asked() (n uint64) {
	for _, b := range s.batches {
		for i := range b.jobs {
			n += b.jobs[i].asked
		}
	}
	return n
}

// spinning returns the work of a task: n steps of the spin.
func spinning(n int) func(*job) {
	return func(j *job) { j.chain = machine.Spin(j.chain, n) }
}

// playBursts is the body of loads that submit bursts of tasks. A turn ends with the
// Submit, so that latencies are those of Submit; the next burst waits for the last one to
// have run.
func playBursts(t *harness.Trial, create tasks.New, size int, work func(*job)) error {
	n := submitters.Of(t)
	return t.Window(func(w *harness.Window) error {
		s := &site{pool: create(poolSize(t)), batches: newBatches(n, size, work)}
		s.playBursts(w, n)
		w.Check(func() error {
			w.Set(refused, float64(s.refusals())/float64(max(w.Turns("submitter"), 1)))
			return nil
		})
		return nil
	})
}

// playBursts declares submitters that submit bursts.
func (s *site) playBursts(w *harness.Window, submitters int) {
	s.play(w, submitters, func(w *harness.Worker, b *batch) error {
		for w.Next() {
			if err := b.submit(s.pool); err != nil {
				return err
			}
			w.Mark()
			if b.full() {
				b.wait()
			}
		}
		return nil
	})
}

// playCalls is the body of loads whose turn is a task and the wait for its end.
func playCalls(t *harness.Trial, create tasks.New, n int, work func(*job)) error {
	return t.Window(func(w *harness.Window) error {
		s := &site{pool: create(poolSize(t)), batches: newBatches(n, 1, work)}
		s.play(w, n, func(w *harness.Worker, b *batch) error {
			for w.Next() {
				if err := b.call(s.pool); err != nil {
					return err
				}
			}
			return nil
		})
		return nil
	})
}
