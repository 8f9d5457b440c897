package task

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"time"

	"github.com/contendbench/contend/impls"
	tasks "github.com/contendbench/contend/impls/task"
)

// A flaw is what a lab pool does wrong.
type flaw int

const (
	none flaw = iota
	drops
	twice
	runsRefused
	closesEarly
	runsLate
	extraWorker
	fewerWorkers
	takesOneMore
	takesOneLess
	losesRoom
	runsCancelled
	deaf
	wakesOne
	polls
	shrinks
	leaks
	acceptsLate
	forgetsWaiters
	refusesNested
	anotherError
	churns
)

// A lab is a pool with a mutex and a condition. All of its kinds and flaws are here, so
// that a test can choose.
type lab struct {
	mu      sync.Mutex
	changed *sync.Cond
	queue   []func()
	held    int // tasks that are queued or run
	most    int // that may be; 0: any number
	tasks   int // accepted so far
	closed  bool
	workers sync.WaitGroup

	rejects bool
	flaw    flaw
	setUp   func() // a worker calls it first
	tidyUp  func() // and this at its end
}

func newLab(workers, room int, flaw flaw, change ...func(*lab)) *lab {
	p := &lab{flaw: flaw, most: workers + room, setUp: func() {}, tidyUp: func() {}}
	p.changed = sync.NewCond(&p.mu)
	for _, c := range change {
		c(p)
	}
	switch {
	case flaw == takesOneMore && p.most > 0:
		p.most += 3 // mostHeld allows for rounding
	case flaw == takesOneLess:
		p.most = max(p.most-1, 1)
	case flaw == extraWorker:
		workers++
	case flaw == fewerWorkers && workers > 1:
		workers--
	case flaw == leaks:
		go func() { select {} }()
	}
	for range workers {
		p.workers.Add(1)
		go p.work()
	}
	return p
}

func rejecting(p *lab) { p.rejects = true }

func boundless(p *lab) { p.most = 0 }

func locked(p *lab) { p.setUp = runtime.LockOSThread }

func (p *lab) Submit(ctx context.Context, task func()) error {
	if p.flaw != deaf {
		defer context.AfterFunc(ctx, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.changed.Broadcast()
		})()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed && p.flaw != acceptsLate {
		return tasks.ErrClosed
	}
	for p.most > 0 && p.held >= p.most {
		switch {
		case p.rejects && p.flaw == runsRefused:
			go task()
			return tasks.ErrFull
		case p.rejects:
			return tasks.ErrFull
		case ctx.Err() != nil && p.flaw == anotherError:
			return errors.New("timeout")
		case ctx.Err() != nil && p.flaw == runsCancelled:
			p.queue = append(p.queue, task)
			p.held++
			return ctx.Err()
		case ctx.Err() != nil && p.flaw == losesRoom:
			p.held++
			return ctx.Err()
		case ctx.Err() != nil && p.flaw != deaf:
			return ctx.Err()
		}
		p.changed.Wait()
		if p.closed && p.flaw == forgetsWaiters {
			p.mu.Unlock()
			select {}
		}
		if p.closed {
			return tasks.ErrClosed
		}
	}
	p.accept(task)
	return nil
}

func (p *lab) accept(task func()) {
	p.tasks++
	if p.flaw == drops && p.tasks%5 == 0 {
		return
	}
	p.queue = append(p.queue, task)
	p.held++
	if p.flaw == twice && p.tasks%5 == 0 {
		p.queue = append(p.queue, task)
		p.held++
	}
	switch {
	case p.flaw == polls:
	case p.flaw == wakesOne && p.tasks%2 == 0:
	default:
		p.changed.Broadcast()
	}
}

func (p *lab) Close() {
	p.mu.Lock()
	p.closed = true
	p.changed.Broadcast()
	p.mu.Unlock()
	switch p.flaw {
	case closesEarly:
		for p.waiting() {
			runtime.Gosched()
		}
	case runsLate:
	default:
		p.workers.Wait()
	}
}

func (p *lab) waiting() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.queue) > 0
}

// work runs tasks. If one panics or ends the goroutine, another worker takes over.
func (p *lab) work() {
	p.setUp()
	done := false
	defer func() {
		_ = recover()
		switch {
		case !done && p.flaw != shrinks:
			go p.work()
		default:
			p.workers.Done()
		}
	}()
	for {
		task := p.next()
		if task == nil {
			break
		}
		p.run(task)
	}
	p.tidyUp()
	done = true
}

func (p *lab) next() func() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) == 0 {
		if p.closed {
			return nil
		}
		if p.flaw == polls {
			p.mu.Unlock()
			time.Sleep(3 * time.Millisecond)
			p.mu.Lock()
			continue
		}
		p.changed.Wait()
	}
	task := p.queue[0]
	p.queue = p.queue[1:]
	return task
}

func (p *lab) run(task func()) {
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.held--
		p.changed.Broadcast()
	}()
	if p.flaw != churns {
		task()
		return
	}
	ended := make(chan struct{})
	go func() {
		runtime.LockOSThread()
		defer close(ended)
		task()
	}()
	<-ended
}

// goroutines runs each task on a goroutine of its own.
type goroutines struct {
	mu      sync.RWMutex
	closed  bool
	running sync.WaitGroup
}

func (p *goroutines) Submit(_ context.Context, task func()) error {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.closed {
		return tasks.ErrClosed
	}
	p.running.Go(task)
	return nil
}

func (p *goroutines) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.running.Wait()
}

var (
	always  = []impls.Promise{tasks.RefusesLate, tasks.SurvivesPanic, tasks.SurvivesGoexit}
	waits   = append(always[:len(always):len(always)], tasks.Limited, tasks.Blocks, tasks.CloseWakes, impls.Cancellable)
	refuses = append(always[:len(always):len(always)], tasks.Limited, tasks.Rejects)
	takes   = append(always[:len(always):len(always)], tasks.Limited, impls.Unbounded, tasks.Nested)
)

// honest returns pools of each kind, that keep their promises.
func honest() []impls.Impl[tasks.New] {
	return []impls.Impl[tasks.New]{
		impls.New("goroutine", impls.Runtime, "here", func(int, int) tasks.Pool { return new(goroutines) },
			tasks.RefusesLate, tasks.SurvivesGoexit, impls.Unbounded, tasks.Nested),
		impls.UpToCrowd(400, impls.New("waits", impls.Mutex, "here",
			func(n, room int) tasks.Pool { return newLab(n, room, none) }, waits...)),
		impls.UpToCrowd(400, impls.New("refuses", impls.Mutex, "here",
			func(n, room int) tasks.Pool { return newLab(n, room, none, rejecting) }, refuses...)),
		impls.UpToCrowd(400, impls.New("takes", impls.Mutex, "here",
			func(n, room int) tasks.Pool { return newLab(n, room, none, boundless) }, takes...)),
	}
}
