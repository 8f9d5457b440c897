package harness

import (
	"sync/atomic"
	"time"
)

// longestSetup is how long a window waits for workers that have not started a turn: they
// may wait for each other, or for ever.
const longestSetup = time.Second

// A setup counts workers down until all have started their first turn.
type setup struct {
	left atomic.Int64
	done chan struct{}
}

func newSetup(roles []*role) *setup {
	s := &setup{done: make(chan struct{})}
	for _, r := range roles {
		s.left.Add(int64(len(r.workers)))
	}
	if s.left.Load() == 0 {
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
	case <-w.setup.done:
	case <-w.failed:
	case <-limit.C:
	}
	w.sleep(w.warm)
}
