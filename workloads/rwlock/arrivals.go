package rwlock

import (
	"regexp"
	"strings"
	"sync"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

// arrivals is who comes to a lock in a round: the first is inside while the others queue
// up.
var arrivals = harness.Param[string]{
	Key: "arrivals", Default: "rwr",
	About: "who comes, in order, 2 to 8: r is a reader, w a writer; R or W at the end is the first, which comes back",
	Valid: regexp.MustCompile(`^[rw]{1,7}[rwRW]$`).MatchString,
}

// tokens is how many more readers are inside at first. One goroutine holds all of their
// tokens.
var tokens = harness.Param[int]{
	Key: "tokens", About: "tokens of readers that one goroutine holds at first, beside those of others, 0 to 1000000",
	Default: 0, Valid: harness.Between(0, 1_000_000),
}

// readAll enters as n readers. The caller must know that no writer waits.
func readAll(lock locks.RWLocker, n int) []locks.Token {
	held := make([]locks.Token, n)
	for i := range held {
		held[i] = lock.RLock()
	}
	return held
}

const (
	reader = 'r'
	writer = 'w'
)

// A line is goroutines that come to a lock one after the other.
type line struct {
	lock    locks.RWLocker
	sides   string
	more    int // readers inside beside the first, which is one, too
	mu      sync.Mutex
	entered []int // positions in sides, in the order in which they got in
}

// visit enters as the i-th and leaves.
func (l *line) visit(i int) {
	leave := l.enter(i)
	l.mu.Lock()
	l.entered = append(l.entered, i)
	l.mu.Unlock()
	leave()
}

func (l *line) enter(i int) (leave func()) {
	if l.sides[i] == writer {
		l.lock.Lock()
		return l.lock.Unlock
	}
	token := l.lock.RLock()
	return func() { l.lock.RUnlock(token) }
}

// play has the first one inside while the others queue up. A capital at the end is the
// first one again, which leaves and comes back at once.
func (l *line) play() {
	sides, comesBack := strings.ToLower(l.sides), false
	last := len(sides) - 1
	if l.sides != sides {
		l.sides, comesBack = sides, true
		last--
	}
	var group sync.WaitGroup
	leave, others := l.enter(0), readAll(l.lock, l.more)
	for i := 1; i <= last; i++ {
		load.QueueUp(&group, func() { l.visit(i) })
	}
	for _, token := range others {
		l.lock.RUnlock(token)
	}
	leave()
	if comesBack {
		l.visit(last + 1)
	}
	group.Wait()
}

// keeps reports whether i got in before j for all that came in this order and of which a
// rule says so.
func (l *line) keeps(rule func(sides string, i, j int) bool) bool {
	for at, j := range l.entered {
		for _, i := range l.entered[at+1:] {
			if i < j && rule(l.sides, i, j) {
				return false
			}
		}
	}
	return true
}

// inOrder is the rule of FIFO: only two readers may get in as they like.
func inOrder(sides string, i, j int) bool { return sides[i] == writer || sides[j] == writer }

// writerFirst is the rule of a preference for writers.
func writerFirst(sides string, i, j int) bool { return sides[i] == writer && sides[j] == reader }

// firstWriterFirst is the rule of a writer that waits for readers.
func firstWriterFirst(sides string, i, j int) bool {
	return strings.IndexByte(sides, writer) == i && sides[j] == reader
}

// checkArrivals checks a rule over many rounds on one lock.
func checkArrivals(t *harness.Trial, newLock locks.New, rule func(string, int, int) bool, complaint string) error {
	lock, sides, more := newLock(), arrivals.Of(t), 0
	if sides[0] == reader && t.Promises(locks.SharedReaders) {
		more = tokens.Of(t)
	}
	return load.CheckOrder(t, len(sides)-1, func(*harness.Worker) bool {
		l := line{lock: lock, sides: sides, more: more}
		l.play()
		return l.keeps(rule)
	}, complaint)
}
