package task

import (
	"fmt"
	"sync"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	tasks "github.com/contendbench/contend/impls/task"
)

// affine has tasks that need state of their thread, as calls of C libraries with sessions
// or error codes do. The first task on a thread sets it up; a pool that replaces its
// threads pays again.
var affine = harness.Workload[tasks.New]{
	Load: harness.Load{
		Name: "affine", Turn: "task", About: "tasks use state of their thread, which the first task there sets up",
		Params:  []harness.AnyParam{submitters, workers, queue, burst, taskNs, setupNs},
		Metrics: []harness.Metric{refused, setups},
		Needs:   []impls.Promise{tasks.Threads}, CurveAxis: setupNs, Allocates: true,
		Points: harness.Points{
			Standard: []harness.Grid{harness.Over(workers.In(1, 4), burst.In(16), setupNs.In(0, 10_000, 100_000))},
			Stress:   []harness.Grid{over(tinyPools, submitters.In(1, 3), burst.In(1, 4), setupNs.In(0, 10_000))},
		},
	},
	Run: runAffine,
}

var (
	setupNs = harness.Param[int]{
		Key: "setup-ns", About: "work that sets up the state of a thread, ns", Default: 10_000,
		Valid: harness.Between(0, 1_000_000_000),
	}
	setups = harness.Metric{
		Unit: "setups/op", Better: harness.Lower, About: "states of threads that were set up for each task",
	}
)

// A session is the state of a thread. One task at a time uses it, so it is plain.
type session struct{ used uint64 }

// sessions are the states of the threads of a window.
type sessions struct {
	byThread sync.Map // of *session, by id
	setUp    func(*job)
}

// use finds the session of the caller's thread.
func (s *sessions) use(j *job) {
	id, err := threadID()
	if err != nil {
		panic(err) // the load does not run where there are none
	}
	mine, ok := s.byThread.Load(id)
	if !ok {
		mine = new(session)
		s.setUp(j)
		s.byThread.Store(id, mine)
	}
	mine.(*session).used++
}

// count returns how many sessions there are, and how often tasks used them.
func (s *sessions) count() (n int, used uint64) {
	s.byThread.Range(func(_, mine any) bool {
		n++
		used += mine.(*session).used
		return true
	})
	return n, used
}

func runAffine(t *harness.Trial, create tasks.New) error {
	if _, err := threadID(); err != nil {
		return &harness.SkipError{Reason: err.Error()}
	}
	n, size, spin := submitters.Of(t), burst.Of(t), spinning(t.Spins(taskNs.Of(t)))
	return t.Window(func(w *harness.Window) error {
		threads := &sessions{setUp: spinning(t.Spins(setupNs.Of(t)))}
		s := &site{pool: create(poolSize(t)), batches: newBatches(n, size, func(j *job) {
			threads.use(j)
			spin(j)
		})}
		s.playBursts(w, n)
		w.Check(func() error {
			asked := s.asked()
			made, used := threads.count()
			if used != asked {
				return fmt.Errorf("%d tasks used the state of their thread %d times: two threads used one at a time", asked, used)
			}
			w.Set(setups, float64(made)/float64(max(asked, 1)))
			w.Set(refused, float64(s.refusals())/float64(max(asked, 1)))
			return nil
		})
		return nil
	})
}
