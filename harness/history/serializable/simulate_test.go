package serializable_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/contendbench/contend/harness/history/serializable"
)

// An isolation is how a simulated store runs transactions.
type isolation string

const (
	// strict runs all operations at one instant between begin and end.
	strict isolation = "strict-serializable"
	// snapshotIsolation reads from the state at the begin. Of two transactions that overlap
	// and append to one key, the second one aborts.
	snapshotIsolation isolation = "snapshot"
	// readCommitted reads what is committed at each read, and puts the lists at the commit.
	readCommitted isolation = "read-committed"
)

// A simulation is a store, and clients that use it at once.
type simulation struct {
	isolation isolation
	clients   int
	keys      int
	ops       int // of a transaction, at most
	aborts    int // percent of the transactions that roll back
	unknown   int // percent that end without an answer
	scans     int // percent of the operations

	rng     *rand.Rand
	clock   int64
	next    uint64
	state   map[uint64][]uint64
	changed map[uint64]int64 // time of the last commit
	history []serializable.Transaction
}

// An attempt is a transaction that a client runs.
type attempt struct {
	t       serializable.Transaction
	left    int // operations
	started map[uint64][]uint64
	own     map[uint64][]uint64 // lists with its appends
	done    bool
}

func (s *simulation) now() int64 {
	s.clock++
	return s.clock
}

// run returns a history of n transactions.
func (s *simulation) run(n int) []serializable.Transaction {
	s.state, s.changed = map[uint64][]uint64{}, map[uint64]int64{}
	running := make([]*attempt, s.clients)
	started := 0
	for {
		c := s.rng.IntN(s.clients)
		switch a := running[c]; {
		case a == nil && started == n:
			if !slices.ContainsFunc(running, func(a *attempt) bool { return a != nil }) {
				return s.history
			}
		case a == nil:
			started++
			running[c] = &attempt{
				t:       serializable.Transaction{Name: fmt.Sprint("T", started), Client: c, Begin: s.now()},
				left:    1 + s.rng.IntN(s.ops),
				started: maps.Clone(s.state), own: map[uint64][]uint64{},
			}
		case s.step(a):
			running[c] = nil
		}
	}
}

// step makes the next step of a transaction. It reports whether that has ended.
func (s *simulation) step(a *attempt) bool {
	switch {
	case s.isolation == strict && a.left > 0:
		for ; a.left > 0; a.left-- {
			s.operate(a)
		}
		s.commit(a)
		return false
	case a.left > 0:
		s.operate(a)
		a.left--
		return false
	case !a.done:
		s.commit(a)
	}
	a.t.End = s.now()
	s.history = append(s.history, a.t)
	return true
}

// operate runs an operation of a transaction.
func (s *simulation) operate(a *attempt) {
	key := uint64(s.rng.IntN(s.keys))
	switch kind := s.rng.IntN(100); {
	case kind < s.scans:
		last := key + uint64(s.rng.IntN(s.keys))
		op := serializable.Op{Kind: serializable.Scan, Key: key, Last: last}
		for k := key; k <= last; k++ {
			if list := s.read(a, k); len(list) > 0 {
				op.Lists = append(op.Lists, serializable.List{Key: k, Values: list})
			}
		}
		a.t.Ops = append(a.t.Ops, op)
	case kind%2 == 0:
		a.t.Ops = append(a.t.Ops, serializable.Op{Kind: serializable.Read, Key: key, List: s.read(a, key)})
	default:
		s.next++
		a.own[key] = append(slices.Clone(s.read(a, key)), s.next)
		a.t.Ops = append(a.t.Ops, serializable.Op{Kind: serializable.Append, Key: key, Value: s.next})
	}
}

func (s *simulation) read(a *attempt, key uint64) []uint64 {
	if list, ok := a.own[key]; ok {
		return list
	}
	if s.isolation == snapshotIsolation {
		return a.started[key]
	}
	return s.state[key]
}

// commit ends a transaction, if nothing is against it.
func (s *simulation) commit(a *attempt) {
	a.done = true
	fate := s.rng.IntN(100)
	if fate < s.aborts {
		a.t.Outcome = serializable.Aborted
		return
	}
	if s.isolation == snapshotIsolation {
		for key := range a.own {
			if s.changed[key] > a.t.Begin {
				a.t.Outcome = serializable.Aborted
				return
			}
		}
	}
	if fate < s.aborts+s.unknown {
		a.t.Outcome = serializable.Unknown
		if s.rng.IntN(2) == 0 {
			return
		}
	}
	at := s.now()
	for key, list := range a.own {
		s.state[key], s.changed[key] = list, at
	}
}
