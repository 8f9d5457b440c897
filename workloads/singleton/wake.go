package singleton

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/workloads/load"
)

// wake has one caller that waits for the initializer which another one runs. Its end, by
// an object, an error or a panic, is the only event that can wake the waiter.
var wake = harness.Workload[New]{
	Load: harness.Load{
		Name: "wake", Turn: "3 rounds", About: "the end of the initializer is the only event that can wake the only waiter",
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newSingle New) error {
		if builtEarly(newSingle) {
			return &harness.SkipError{Reason: "its constructor runs the initializer, so that no caller waits"}
		}
		return load.CheckWake(t, func(rng *rand.Rand, pause func()) (time.Duration, error) {
			return wakeUp(rng, pause, newSingle)
		})
	},
}

// builtEarly reports whether the constructor runs the initializer.
func builtEarly(newSingle New) bool {
	b := new(builder)
	newSingle(b.build)
	return b.runs.Load() > 0
}

// wakeUp returns how long after the end of the initializer its waiter has returned.
func wakeUp(rng *rand.Rand, pause func(), newSingle New) (time.Duration, error) {
	entered, leave := make(chan struct{}), make(chan struct{})
	var first sync.Once
	end := []*failure{nil, {err: &runError{1}}, {err: &runError{1}, panics: true}}[rng.IntN(3)]
	b := &builder{fails: func(run int64) *failure {
		first.Do(func() { close(entered) })
		<-leave
		if run == 1 {
			return end
		}
		return nil
	}}
	s := &callers{builder: b, single: newSingle(b.build), got: make([]result, 2)}
	var group sync.WaitGroup
	group.Go(func() { s.try(&s.got[0]) })
	<-entered
	took := load.WakeUp(pause, func() { s.try(&s.got[1]) }, func() { close(leave) })
	group.Wait()
	if end == nil {
		return took, s.agree()
	}
	return took, nil
}
