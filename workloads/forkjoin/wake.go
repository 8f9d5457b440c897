package forkjoin

import (
	"math/rand/v2"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	forks "github.com/contendbench/contend/impls/forkjoin"
	"github.com/contendbench/contend/workloads/load"
)

// wake has one worker that waits, which only one event can wake: nothing else happens in
// the pool. A wake-up that is lost hangs the round. One that a timer replaces comes late.
var wake = harness.Workload[forks.New]{
	Load: harness.Load{
		Name: "wake", Turn: "3 rounds",
		About: "a Fork, or the end of a stolen task, is the only event that can wake the only worker that waits",
		Needs: []impls.Promise{forks.WorkConserving}, Probes: []impls.Promise{forks.WorkConserving},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newPool forks.New) error {
		var kinds []load.Waking
		for _, k := range wakings {
			kinds = append(kinds, load.Waking{
				Event: k.event,
				Round: func(_ *rand.Rand, pause func()) (time.Duration, error) {
					pool := newPool(2)
					defer pool.Close()
					return k.play(pool, pause), nil
				},
			})
		}
		return load.CheckWakings(t, kinds)
	},
}

// wakings are ways to wake the worker that waits. play plays a round on a fresh pool of two
// workers, and returns how long the waiter took to go on.
var wakings = []struct {
	event string
	play  func(pool forks.Pool, pause func()) time.Duration
}{
	{"Fork beside an idle worker", idleWorker},
	{"end of a stolen task", joinOfStolen},
	{"Fork of a stolen task", joinerHelps},
}

// idleWorker has a Fork wake the worker that has nothing to do.
func idleWorker(pool forks.Pool, pause func()) time.Duration {
	ran := make(chan struct{})
	return load.WakeUp(pause, func() { <-ran }, func() {
		pool.Run(func(s forks.Scope) {
			s.Fork(func(forks.Scope) { close(ran) })
			<-ran // no Join: the other worker must come
		})
	})
}

// joinOfStolen has the end of a task wake the Join that waits for it, which finds no
// other task to run.
func joinOfStolen(pool forks.Pool, pause func()) time.Duration {
	begun, may := make(chan struct{}), make(chan struct{})
	return load.WakeUp(pause, func() {
		pool.Run(func(s forks.Scope) {
			s.Fork(func(forks.Scope) {
				close(begun)
				<-may
			})
			<-begun
			s.Join()
		})
	}, func() { close(may) })
}

// joinerHelps has the Fork of a stolen task wake the worker that joins that task: there
// is no other worker.
func joinerHelps(pool forks.Pool, pause func()) time.Duration {
	begun, may, ran := make(chan struct{}), make(chan struct{}), make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		pool.Run(func(s forks.Scope) {
			s.Fork(func(s forks.Scope) {
				close(begun)
				<-may
				s.Fork(func(forks.Scope) { close(ran) })
				<-ran
			})
			<-begun
			s.Join()
		})
	}()
	took := load.WakeUp(pause, func() { <-ran }, func() { close(may) })
	<-ended
	return took
}
