package load

import "time"

// A Search is for a value that must come. It is lost when it has not come for longer than
// a goroutine that is about to bring it, or to report it, can be descheduled.
type Search struct {
	tries int
	since time.Time
}

const (
	// looks is how often a search fails before it looks at the clock.
	looks = 10_000
	// lostAfter is how long it goes on after that.
	lostAfter = 2 * time.Second
)

// Lost counts a failure, and reports whether the value is lost.
func (s *Search) Lost() bool {
	switch s.tries++; {
	case s.tries == looks:
		s.since = time.Now()
	case s.tries > looks && s.tries%looks == 0:
		return time.Since(s.since) > lostAfter
	}
	return false
}
