package task

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	tasks "github.com/contendbench/contend/impls/task"
	"github.com/contendbench/contend/workloads/load"
)

// lull lets pools be idle for random times before they get a few tasks. A pool that ends
// idle workers may do so just then, so about half of the times are as long as that takes.
var lull = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "lull", Turn: "burst of tasks", About: "a few tasks come after a pool was idle for a random time",
		Params: []harness.AnyParam{submitters, workers, queue}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{over(tinyPools, submitters.In(8, 30))}},
	},
	Run: func(t *harness.Trial, create tasks.New) error {
		n, room := poolSize(t)
		learned := t.Carry(patienceKey{}, func() any { return new(patience) }).(*patience)
		return t.Window(func(w *harness.Window) error {
			w.AtLeast(100 * time.Millisecond)
			batches := newBatches(submitters.Of(t), fewTasks, func(*job) {})
			w.While(func() string { return missing(batches) })
			w.Go("submitter", len(batches), func(w *harness.Worker) {
				err := learned.learn(create)
				if err == nil {
					err = playLulls(w, create(n, room), batches[w.ID], learned.idle)
				}
				if err != nil {
					w.Fail(err)
				}
			})
			return nil
		})
	},
}

const (
	// longestLull is longer than the idle time-outs that a window can wait for.
	longestLull = 20 * time.Millisecond
	// fewTasks is how many tasks come at once, at most.
	fewTasks = 3
)

type patienceKey struct{}

// A patience is how long an implementation keeps an idle worker. The number of goroutines
// shows it.
type patience struct {
	once sync.Once
	idle time.Duration // 0: longer than longestLull
	err  error
}

func (p *patience) learn(create tasks.New) error {
	p.once.Do(func() {
		pool := create(1, 1)
		defer pool.Close()
		p.err = meet(1, func(task func()) error { return insist(pool, task) })
		before, start := runtime.NumGoroutine(), time.Now()
		for p.idle == 0 && time.Since(start) < longestLull {
			time.Sleep(100 * time.Microsecond)
			if runtime.NumGoroutine() < before {
				p.idle = time.Since(start)
			}
		}
	})
	return p.err
}

// playLulls gives tasks to a pool of the caller's own, and closes it.
func playLulls(w *harness.Worker, p tasks.Pool, b *batch, idle time.Duration) error {
	defer p.Close()
	for w.Next() {
		pauseAbout(w.Rand(), idle)
		for range 1 + w.Rand().IntN(fewTasks) {
			if err := b.submit(p); err != nil {
				b.wait()
				return err
			}
		}
		b.wait()
	}
	return b.check()
}

// pauseAbout waits for any time, or for about as long as a pool keeps an idle worker.
func pauseAbout(rng *rand.Rand, idle time.Duration) {
	const around = time.Millisecond // a sleep takes longer than it should
	if idle < around || rng.IntN(2) == 0 {
		load.Pause(rng, longestLull)
		return
	}
	time.Sleep(idle - time.Duration(rng.Float64()*float64(around)))
}
