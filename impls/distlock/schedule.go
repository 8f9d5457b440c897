package distlock

import "time"

const (
	look      = 5 * time.Millisecond // the wait before another look, and how late it may end
	mostLooks = 8
)

// schedule sets the timer to when something may expire.
func (s *server) schedule() {
	due, ok := s.machine.next()
	if !ok {
		due = never
	}
	if ok {
		due = max(due, s.grace)
	}
	if due == s.due {
		return
	}
	s.due = due
	if !ok {
		s.timer.Stop()
		return
	}
	wait := max(s.clock.until(due), 0)
	s.wake = time.Now().Add(wait)
	s.timer.Reset(wait)
}

// expire ends what has not been heard of. It looks again first, until a short wait came to its end in time: when the server itself stood still, what its
// clients said meanwhile waits in their connections, and they may not be called silent for that.
func (s *server) expire() {
	late := time.Since(s.wake)
	if s.looks == 0 || late > look && s.looks < mostLooks {
		s.looks++
		s.grace = s.clock.now() + look + late
		return
	}
	s.looks, s.due = 0, never
	s.machine.expire(s.clock.now())
}
