package rwlock

import (
	"fmt"
	"math/rand/v2"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/rwlock"
	"github.com/contendbench/contend/workloads/load"
)

// A misused is a lock, and the token of a reader that is inside or was.
type misused struct {
	lock  locks.RWLocker
	token locks.Token
}

func (m *misused) read()     { m.token = m.lock.RLock() }
func (m *misused) readEnds() { m.lock.RUnlock(m.token) }
func (m *misused) write()    { m.lock.Lock() }

func newMisused(newLock locks.New) *misused { return &misused{lock: newLock()} }

// misuses are the wrong uses that a lock can notice.
var misuses = []load.Misuse[*misused]{
	{Name: "Unlock of a lock that was never held", Do: func(m *misused) { m.lock.Unlock() }},
	{Name: "a second Unlock", Do: func(m *misused) { m.write(); m.lock.Unlock(); m.lock.Unlock() }},
	{Name: "a second RUnlock", Do: func(m *misused) { m.read(); m.readEnds(); m.readEnds() }},
	besideReader,
	besideWriter,
}

// In these, a goroutine is inside that can leave afterwards.
var (
	besideReader = load.Misuse[*misused]{
		Name: "Unlock of a lock that a reader has", Do: func(m *misused) { m.read(); m.lock.Unlock() },
	}
	besideWriter = load.Misuse[*misused]{
		Name: "RUnlock of a lock that a writer has",
		Do:   func(m *misused) { m.read(); m.readEnds(); m.write(); m.readEnds() },
	}
)

// panics misuses a lock. It expects a panic, and a lock that is as before.
var panics = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "misuse", Turn: "misuse",
		About: "Unlock or RUnlock of a lock that is not held so panics, and the lock works afterwards",
		Needs: []impls.Promise{impls.PanicsOnMisuse}, Probes: []impls.Promise{impls.PanicsOnMisuse},
		Points: harness.Points{Stress: load.Once},
	},
	Run: func(t *harness.Trial, newLock locks.New) error {
		return load.Rounds(t, func(rng *rand.Rand) error {
			m, subject := misuses[rng.IntN(len(misuses))], newMisused(newLock)
			if err := m.Panics(subject); err != nil {
				return err
			}
			switch m.Name {
			case besideReader.Name:
				subject.readEnds()
			case besideWriter.Name:
				subject.lock.Unlock()
			}
			if err := live(subject.lock, 2, 20, 2, nothing); err != nil {
				return fmt.Errorf("after %s, which panicked: %w", m.Name, err)
			}
			return nil
		})
	},
}

// dies misuses a lock in another process, and expects that to end.
var dies = harness.Workload[locks.New]{
	Load: harness.Load{
		Name: "fatal-misuse", Turn: "misuse", About: "Unlock or RUnlock of a lock that is not held so ends the process",
		Needs: []impls.Promise{impls.FatalOnMisuse}, Probes: []impls.Promise{impls.FatalOnMisuse},
		Points: harness.Points{Stress: load.Once},
	},
	Run:     func(t *harness.Trial, _ locks.New) error { return load.CheckFatal(t, misuses) },
	Helpers: load.FatalHelper(newMisused, misuses),
}
