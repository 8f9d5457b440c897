package harness

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"time"

	"github.com/contendbench/contend/harness/machine"
	"github.com/contendbench/contend/impls/cpu"
)

// Window is one measurement: a fresh subject, fresh workers, a warm-up and a measured
// part. The build function given to Trial.Window declares its roles, faults and checks;
// then it runs.
type Window struct {
	context context.Context // labels its goroutines
	kind    windowKind
	seed    uint64
	warm    time.Duration
	length  time.Duration
	grace   time.Duration

	load      Load
	unchecked bool // a control that promises nothing: its checks run but do not count
	roles     []*role
	checks    []func() error
	events    []event
	metrics   map[string]float64
	timeline  *Timeline
	while     func() string

	failed  chan struct{} // closed at the first failure
	once    sync.Once
	failure error
	tune    func(*Worker) // sets a worker up for the window's kind
}

type windowKind string

const (
	throughput windowKind = "throughput"
	latency    windowKind = "latency"
	fairness   windowKind = "fairness"
	stressing  windowKind = "stress"
)

type event struct {
	at   time.Duration
	name string
	do   func() error
}

type role struct {
	name            string
	window          *Window
	workers         []Worker
	body            func(*Worker)
	after           string
	then            func()
	lockstep, whole bool
	target          atomic.Uint64
	returned        atomic.Int64
	alive           atomic.Int64 // calls of Worker.Alive
	done            chan struct{}
	generator       *generator // open loop
	setup           *setup     // of the first role of a window

	_     [cpu.Line]byte
	phase atomic.Uint32 // read at every turn of every worker; written at a change of phase only
	_     [cpu.Line - 4]byte
}

// Option changes how a role runs and ends.
type Option func(*role)

// After makes a role drain the role called name. It runs until all workers of that role
// have returned, and then until its own bodies return. Turns after the stop do not count.
func After(name string) Option { return func(r *role) { r.after = name } }

// Then calls f once all workers of the role have returned, for example to close a queue.
func Then(f func()) Option { return func(r *role) { r.then = f } }

// Lockstep gives all workers of the role the same number of turns, as parties of a
// barrier need.
func Lockstep() Option { return func(r *role) { r.lockstep = true } }

// Whole makes the window exactly one turn of each worker: one run of a program of fixed
// size.
func Whole() Option { return func(r *role) { r.whole = true } }

// Go declares a role of n workers, which all run body. The window's ns/op counts the
// turns of the role declared first.
func (w *Window) Go(name string, n int, body func(*Worker), options ...Option) {
	w.roles = append(w.roles, w.role(name, n, body, options...))
}

func (w *Window) role(name string, n int, body func(*Worker), options ...Option) *role {
	r := &role{name: name, window: w, body: body, workers: make([]Worker, n), done: make(chan struct{})}
	for _, o := range options {
		o(r)
	}
	for i := range r.workers {
		k := &r.workers[i]
		k.ID, k.role, k.phase = i, r, &r.phase
		k.rng = rand.New(rand.NewPCG(w.seed, uint64(len(w.roles))<<32|uint64(i)))
		k.chain = k.rng.Uint64()
		w.tune(k)
		if r.whole {
			k.seen = never
		}
	}
	return r
}

// Check declares a check, which runs after all workers have returned. An error fails the
// trial.
func (w *Window) Check(f func() error) { w.checks = append(w.checks, f) }

// While has the error of a hang end with what say returns, such as "2 of 3 permits are
// free". say is called while workers may run, so it must read without a race.
func (w *Window) While(say func() string) { w.while = say }

// At makes the window call do at time d of the measured part, to inject a fault or to
// change the load. An error fails the trial.
func (w *Window) At(d time.Duration, name string, do func() error) {
	w.events = append(w.events, event{d, name, do})
}

// Lasts sets the length of the measured part. It replaces the trial's length.
func (w *Window) Lasts(d time.Duration) { w.length = d }

// AtLeast sets the minimum length of the measured part.
func (w *Window) AtLeast(d time.Duration) { w.length = max(w.length, d) }

// Timed reports whether the window samples latencies. Only then should a load read the
// clock itself: in other windows, that would cost throughput.
func (w *Window) Timed() bool { return w.kind == latency }

// Set reports the value of a metric, from a check. The trial's value is the median over
// its throughput windows. If only latency windows report the metric, it is the value of
// the last one. Set panics if the load does not declare the metric.
func (w *Window) Set(m Metric, value float64) {
	for _, declared := range w.load.Metrics {
		switch {
		case declared == m:
			w.metrics[m.Unit] = value
			return
		case declared.Unit == m.Unit:
			panic(fmt.Sprintf("harness: workload %s reports another metric %s than the one that it lists: use one variable",
				w.load.Name, m.Unit))
		}
	}
	panic(fmt.Sprintf("harness: workload %s reports metric %s without listing it in Metrics", w.load.Name, m.Unit))
}

func (w *Window) fail(err error) {
	if w.unchecked {
		return
	}
	w.once.Do(func() {
		w.failure = err
		close(w.failed)
	})
}

// set moves the roles to a phase. Roles that end by themselves or after another role are
// not stopped.
func (w *Window) set(phase uint32) {
	for _, r := range w.roles {
		if phase != stop || r.after == "" && !r.whole {
			r.phase.Store(phase)
		}
	}
}

// run runs the window and returns what it measured. An error is a failed check or a hang.
func (w *Window) run() (windowResult, error) {
	if len(w.roles) == 0 {
		return windowResult{}, errors.New("harness: the window declares no role")
	}
	defer w.close()
	ready := make(chan struct{})
	w.roles[0].setup = newSetup(w.roles[0])
	for _, r := range w.roles {
		r.start(ready)
	}
	heap := machine.ReadHeap()
	w.set(warm)
	close(ready)
	if !w.whole() {
		w.warmUp()
	}
	cpu := machine.ProcessorTime()
	w.set(measure)
	start := machine.Since()
	eventErr := w.measured(start)
	if eventErr != nil {
		w.fail(eventErr)
	}
	w.set(stop)
	wall := machine.Since() - start
	cpu = machine.ProcessorTime() - cpu

	if err := w.join(); err != nil {
		return windowResult{}, err
	}
	res := w.collect(wall, cpu, machine.ReadHeap().Since(heap))
	if w.failure != nil { // checks of a failed window mean nothing
		return res, w.failure
	}
	if w.timeline != nil {
		w.timeline.merge(start, wall)
		res.timeline = w.timeline.merged
	}
	err := w.check()
	res.metrics = w.metrics
	return res, errors.Join(eventErr, err)
}

// check runs the checks on a goroutine of their own, because one may hang in the subject.
func (w *Window) check() error {
	var errs []error
	r := w.role("check", 1, func(k *Worker) {
		for _, c := range w.checks {
			if err := c(); !w.unchecked {
				errs = append(errs, err)
			}
			k.Alive()
		}
	})
	ready := make(chan struct{})
	close(ready)
	r.start(ready)
	if err := w.await(r, checkGraces*w.grace); err != nil {
		return err
	}
	return errors.Join(append(errs, w.cause())...)
}

// close releases what an open loop has of the system.
func (w *Window) close() {
	for _, r := range w.roles {
		if r.generator != nil {
			if err := r.generator.alarm.Close(); err != nil {
				w.fail(fmt.Errorf("closing a timer: %w", err))
			}
		}
	}
}

func (w *Window) whole() bool { return w.roles[0].whole }

// measured waits for the end of the measured part, and runs the events that are due
// during it.
func (w *Window) measured(start time.Duration) error {
	for _, e := range w.events {
		w.sleep(start + e.at - machine.Since())
		if err := e.do(); err != nil {
			return fmt.Errorf("%s after %v: %w", e.name, e.at, err)
		}
	}
	if w.whole() {
		return nil
	}
	w.sleep(start + w.length - machine.Since())
	return nil
}

// sleep waits for d, or until the window has failed.
func (w *Window) sleep(d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-w.failed:
	}
}

func (r *role) start(ready <-chan struct{}) {
	labelled := r.labelled()
	for i := range r.workers {
		go func() {
			pprof.SetGoroutineLabels(labelled)
			r.work(&r.workers[i], ready)
		}()
	}
}

// work runs the body of a worker. It fails the window if the body panics or ends its
// goroutine.
func (r *role) work(k *Worker, ready <-chan struct{}) {
	returned := false
	defer func() {
		switch p := recover(); {
		case p != nil:
			r.window.fail(fmt.Errorf("%s %d panicked: %v\n%s", r.name, k.ID, p, stack()))
		case !returned:
			r.window.fail(fmt.Errorf("%s %d ended its goroutine (runtime.Goexit) in turn %d", r.name, k.ID, k.n))
		}
		if r.returned.Add(1) == int64(len(r.workers)) {
			close(r.done)
		}
	}()
	<-ready
	r.body(k)
	if k.timed {
		k.marked(k)
	}
	if k.at < stop { // the body returned before the stop
		k.note(stop)
	}
	returned = true
}

// join waits for the roles to end: first those that stop by themselves, then those that
// drain them.
func (w *Window) join() error {
	left := append([]*role(nil), w.roles...)
	ended := map[string]bool{}
	for len(left) > 0 {
		i := 0
		for i < len(left) && left[i].after != "" && !ended[left[i].after] {
			i++
		}
		if i == len(left) {
			return fmt.Errorf("harness: role %s drains after %s, which never ends", left[0].name, left[0].after)
		}
		r := left[i]
		if r.after != "" {
			r.phase.Store(stop)
		}
		if err := w.await(r, w.grace); err != nil {
			return err
		}
		if r.then != nil {
			r.then()
		}
		ended[r.name] = true
		left = append(left[:i], left[i+1:]...)
	}
	return nil
}

// checkGraces is how many grace times a check has: unlike a worker, it computes.
const checkGraces = 5

// failedGrace is how long a window that has failed waits for a worker to return. Its
// failure is known, so only the count of workers that hang may be missed.
const failedGrace = 200 * time.Millisecond

// await waits until all workers of r have returned. It is the watchdog for lost wake-ups:
// if no worker returns or calls Alive during the grace time, the window hangs.
func (w *Window) await(r *role, grace time.Duration) error {
	if len(r.workers) == 0 {
		return nil
	}
	progress := func() int64 { return r.returned.Load() + r.alive.Load() }
	failed := w.failed
	for last := progress(); ; {
		timer := time.NewTimer(grace)
		select {
		case <-r.done:
			timer.Stop()
			return nil
		case <-failed:
			timer.Stop()
			failed, grace = nil, min(grace, failedGrace)
			continue
		case <-timer.C:
		}
		now := progress()
		if now == last {
			return w.hang(r, len(r.workers)-int(r.returned.Load()), grace)
		}
		last = now
	}
}

// cause returns the failure before a hang, if there was one.
func (w *Window) cause() error {
	select {
	case <-w.failed:
		return w.failure
	default:
		return nil
	}
}
