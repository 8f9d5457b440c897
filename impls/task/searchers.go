package task

import (
	"runtime"
	"sync/atomic"

	"github.com/contendbench/contend/impls/cpu"
)

// Searchers are workers that look for tasks and sleep in a lot when there are none. A
// submitter wakes one only if none searches: a burst of tasks then needs one wake-up. A
// worker that stops searching because it has found a task wakes the next one if there are
// more tasks, so that as many workers run as there are tasks.
//
// Source: the spinning threads of Go's scheduler, runtime/proc.go, Worker thread
// parking/unparking.
type searchers struct {
	crew
	lot
	searching atomic.Int64
	looking   int64 // how many may look again and again; the others sleep at once
	closed    atomic.Bool
	// more reports whether there may be tasks. ended reports that all tasks were taken
	// that will ever be submitted, or are about to be taken by the caller's next look.
	more, ended func() bool
}

func (s *searchers) init(more, ended func() bool) {
	s.looking = int64(max(runtime.GOMAXPROCS(0)/2, 1))
	s.more, s.ended = more, ended
}

// submitted wakes a worker for a new task, unless one searches. A worker that it wakes
// searches from then on.
func (s *searchers) submitted() {
	for s.sleeping.Load() > 0 && s.searching.CompareAndSwap(0, 1) {
		if s.wake() {
			return
		}
		// Another submitter may have counted on this search, so look again.
		s.searching.Add(-1)
	}
}

// serve runs tasks until the pool has ended. find returns nil if there is no task.
func (s *searchers) serve(find func() func()) {
	for {
		task := find()
		if task == nil {
			task = s.search(find)
		}
		if task == nil {
			return
		}
		task()
	}
}

// search returns a task, or nil when the pool has ended.
func (s *searchers) search(find func() func()) func() {
	looks := 1
	if s.searching.Add(1) <= s.looking {
		looks = cpu.ParkAfter
	}
	for {
		task, ended := s.look(find, looks)
		if task != nil || ended {
			s.found()
			return task
		}
		if task, ended = s.sleep(find); task != nil || ended {
			return task
		}
		looks = cpu.ParkAfter
	}
}

// look looks for a task several times.
func (s *searchers) look(find func() func(), times int) (task func(), ended bool) {
	var spinner cpu.Spinner
	for range times {
		ended = s.ended()
		if task = find(); task != nil || ended {
			return task, ended
		}
		spinner.Turn()
	}
	return nil, false
}

// found ends a search. The last searcher sees the tasks for which nobody was woken because
// it searched.
func (s *searchers) found() {
	if s.searching.Add(-1) == 0 && s.more() {
		s.submitted()
	}
	s.dismiss()
}

// dismiss wakes a sleeper if the pool has ended. Each one then wakes the next.
func (s *searchers) dismiss() {
	if s.ended() && s.sleeping.Load() > 0 {
		s.searching.Add(1)
		if !s.wake() {
			s.searching.Add(-1)
		}
	}
}

// sleep ends a search, and returns in a new one when the worker was woken. It returns
// early, and not in a search, if a last look finds a task or the end of the pool.
func (s *searchers) sleep(find func() func()) (task func(), ended bool) {
	t := s.join()
	s.searching.Add(-1)
	if task, ended = s.look(find, 1); task == nil && !ended {
		<-t.woken
		return nil, false
	}
	if s.leave(t) {
		s.searching.Add(1) // the waker has not done so
	}
	s.found()
	return task, ended
}

// close ends the workers when there are no tasks left. The caller lets no more in.
func (s *searchers) close() {
	s.closed.Store(true)
	s.dismiss()
	s.present.Wait()
}
