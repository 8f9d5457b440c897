package harness

import (
	"sync/atomic"
	"time"
)

// longestSetup is how long a window waits for workers that have not started a turn: they
// may hang.
const longestSetup = time.Second

// A setup counts the workers of the role whose turns are measured down until all have
// started their first turn. A worker of another role need not have turns.
type setup struct {
	left atomic.Int64
	done chan struct{}
}

func newSetup(measured *role) *setup {
	s := &setup{done: make(chan struct{})}
	if s.left.Store(int64(len(measured.workers))); len(measured.workers) == 0 {
		close(s.done)
	}
	return s
}

// begun notes that a worker has started its first turn, or has returned without one.
func (s *setup) begun() {
	if s != nil && s.left.Add(-1) == 0 {
		close(s.done)
	}
}

// warmUp runs the window's warm-up. The measured part must not start while a worker still
// prepares its first turn: what it draws and fills would count as work of the subject.
func (w *Window) warmUp() {
	limit := time.NewTimer(longestSetup)
	defer limit.Stop()
	select {
	case <-w.roles[0].setup.done:
	case <-w.failed:
	case <-limit.C:
	}
	w.sleep(w.warm)
}
