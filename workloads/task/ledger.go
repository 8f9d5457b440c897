package task

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	tasks "github.com/contendbench/contend/impls/task"
)

// A record is what became of one task. It is plain data, so that the race detector sees a
// pool that does not hand it over: the submitter writes before the Submit, then the task
// writes, and the check reads after Close.
type record struct {
	asked int   // its number, written before the Submit
	err   error // of the Submit
	seen  int   // what asked was in the task
	ran   int
}

// A ledger has the records of a pool's tasks, and what is known of the pool. There is no
// counter that both tasks and submitters or checks change: it would order what the pool
// must order.
type ledger struct {
	pool  tasks.Pool
	rules rules
	gauge gauge

	mu      sync.Mutex // of submitters and checks
	records []*record

	over atomic.Bool // Close has returned
	late atomic.Bool // a task ran after that
}

// rules say which errors a Submit may return.
type rules struct {
	full   bool // ErrFull
	closed bool // ErrClosed, because Close is called
	ended  bool // a context's error, because contexts end
}

// check returns an error unless a Submit may return err.
func (r rules) check(err error) error {
	switch {
	case err == nil,
		r.full && errors.Is(err, tasks.ErrFull),
		r.closed && errors.Is(err, tasks.ErrClosed),
		r.ended && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)):
		return nil
	}
	return fmt.Errorf("a Submit returned %w, which it must not do here", err)
}

// A gauge counts the tasks that run at once.
type gauge struct {
	most    int64 // that may; 0: any number
	running atomic.Int64
	tooMany atomic.Int64
}

func (g *gauge) enter() {
	if n := g.running.Add(1); g.most > 0 && n > g.most {
		g.tooMany.Store(n)
	}
}

func (g *gauge) leave() { g.running.Add(-1) }

func (g *gauge) check() error {
	if n := g.tooMany.Load(); n > 0 {
		return fmt.Errorf("%d tasks ran at once on %d workers", n, g.most)
	}
	return nil
}

// newLedger makes a pool and its ledger.
func newLedger(t *harness.Trial, create tasks.New, workers, room int) *ledger {
	l := &ledger{pool: create(workers, room)}
	l.rules.full = !t.Promises(tasks.Blocks) && !t.Promises(impls.Unbounded)
	if t.Promises(tasks.Limited) {
		l.gauge.most = int64(workers)
	}
	return l
}

func (l *ledger) open() *record {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := &record{asked: len(l.records) + 1}
	l.records = append(l.records, r)
	return r
}

// all returns the records so far.
func (l *ledger) all() []*record {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.records[:len(l.records):len(l.records)]
}

// submit submits a task that does body, notes what became of it, and returns the error of
// the Submit.
func (l *ledger) submit(ctx context.Context, body func()) error {
	r := l.open()
	r.err = l.pool.Submit(ctx, func() {
		l.gauge.enter()
		defer l.gauge.leave() // body may panic
		if l.over.Load() {
			l.late.Store(true)
		}
		r.seen = r.asked
		r.ran++
		body()
	})
	return r.err
}

// insist is submit, again and again while the pool is full. Each try is a task of its own.
func (l *ledger) insist(body func()) error {
	for try := 1; ; try++ {
		err := l.submit(context.Background(), body)
		switch {
		case !l.rules.full || !errors.Is(err, tasks.ErrFull):
			return err
		case try%100 == 0:
			time.Sleep(100 * time.Microsecond)
		default:
			runtime.Gosched()
		}
	}
}

// close closes the pool, by several calls at once. It returns how often each task had run
// when each of the calls returned.
func (l *ledger) close(calls int) (ran [][]int) {
	ran = make([][]int, calls)
	var group sync.WaitGroup
	for c := range calls {
		group.Go(func() {
			l.pool.Close()
			l.over.Store(true)
			for _, r := range l.all() {
				ran[c] = append(ran[c], r.ran)
			}
		})
	}
	group.Wait()
	return ran
}

// check compares what became of the tasks with what their submitters were told. ran is
// what close returned. No Submit is under way.
func (l *ledger) check(ran [][]int) error {
	for i, r := range l.all() {
		if err := l.rules.check(r.err); err != nil {
			return err
		}
		switch {
		case r.err != nil && r.ran > 0:
			return fmt.Errorf("a task ran that was refused with %w", r.err)
		case r.err != nil:
			continue
		case r.ran != 1:
			return fmt.Errorf("a task that was accepted ran %d times", r.ran)
		case r.seen != r.asked:
			return fmt.Errorf("a task saw number %d, want the %d that was written before its Submit", r.seen, r.asked)
		}
		for _, then := range ran {
			if i >= len(then) || then[i] != 1 {
				return errors.New("a Close returned before an accepted task had run")
			}
		}
	}
	if l.late.Load() {
		return errors.New("a task ran after Close had returned")
	}
	return l.gauge.check()
}

// finish closes the pool by that many calls, and checks its tasks.
func (l *ledger) finish(calls int) error { return l.check(l.close(calls)) }

// nothing is the body of a task that does nothing.
func nothing() {}
