package distlock

import "time"

const (
	recheck     = 5 * time.Millisecond // the wait before another look, and how late it may end
	maxRechecks = 8
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

// expire ends what has expired. It first looks again until a short wait has ended in
// time. While the server itself was descheduled, its clients' messages have waited in
// their connections, and those clients are not silent.
func (s *server) expire() {
	late := time.Since(s.wake)
	if s.rechecks == 0 || late > recheck && s.rechecks < maxRechecks {
		s.rechecks++
		s.grace = s.clock.now() + recheck + late
		return
	}
	s.rechecks, s.due = 0, never
	s.machine.expire(s.clock.now())
}
