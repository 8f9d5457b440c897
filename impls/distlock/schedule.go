package distlock

import "time"

// mostLate is how late the timer may come without a sign that the server itself stood still.
const mostLate = 5 * time.Millisecond

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

// expire ends what has not been heard of. If the server itself stood still until now, what its clients said meanwhile waits in their
// connections: it waits for that once, as long again, since it may not call others silent for its own pause.
func (s *server) expire() {
	if late := time.Since(s.wake); late > mostLate && s.due != s.grace {
		s.grace = s.clock.now() + late
		return
	}
	s.due = never
	s.machine.expire(s.clock.now())
}
