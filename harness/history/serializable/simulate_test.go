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
	// itemLocks locks each key that a transaction reads or appends to. It does not lock the
	// keys that a scan misses. A transaction that would wait aborts.
	itemLocks isolation = "repeatable-read"
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
	span      int // keys of a scan, at most; 0: all

	rng     *rand.Rand
	clock   int64
	next    uint64
	state   map[uint64][]uint64
	changed map[uint64]int64 // time of the last commit
	readers map[uint64]map[*attempt]bool
	writers map[uint64]*attempt
	history []serializable.Transaction
}

// An attempt is a transaction that a client runs.
type attempt struct {
	t       serializable.Transaction
	left    int // operations
	started map[uint64][]uint64
	own     map[uint64][]uint64 // lists with its appends
	done    bool
	refused bool // a lock
}

func (s *simulation) now() int64 {
	s.clock++
	return s.clock
}

// run returns a history of n transactions.
func (s *simulation) run(n int) []serializable.Transaction {
	s.state, s.changed = map[uint64][]uint64{}, map[uint64]int64{}
	s.readers, s.writers = map[uint64]map[*attempt]bool{}, map[uint64]*attempt{}
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
				t:    serializable.Transaction{Name: fmt.Sprint("T", started), Client: c, Begin: s.now()},
				left: 1 + s.rng.IntN(s.ops), own: map[uint64][]uint64{},
			}
			if s.isolation == snapshotIsolation {
				running[c].started = maps.Clone(s.state)
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
	case a.left > 0 && !a.refused:
		s.operate(a)
		a.left--
		return false
	case !a.done:
		s.commit(a)
	}
	s.unlock(a)
	a.t.End = s.now()
	s.history = append(s.history, a.t)
	return true
}

// operate runs an operation of a transaction.
func (s *simulation) operate(a *attempt) {
	key := uint64(s.rng.IntN(s.keys))
	switch kind := s.rng.IntN(100); {
	case kind < s.scans:
		span := s.span
		if span == 0 {
			span = s.keys
		}
		last := key + uint64(s.rng.IntN(span))
		op := serializable.Op{Kind: serializable.Scan, Key: key, Last: last}
		for k := key; k <= last; k++ {
			if len(s.state[k]) > 0 && !s.lock(a, k, false) {
				return
			}
			if list := s.read(a, k); len(list) > 0 {
				op.Lists = append(op.Lists, serializable.List{Key: k, Values: list})
			}
		}
		a.t.Ops = append(a.t.Ops, op)
	case !s.lock(a, key, kind%2 == 1):
	case kind%2 == 0:
		a.t.Ops = append(a.t.Ops, serializable.Op{Kind: serializable.Read, Key: key, List: s.read(a, key)})
	default:
		s.next++
		a.own[key] = append(slices.Clone(s.read(a, key)), s.next)
		a.t.Ops = append(a.t.Ops, serializable.Op{Kind: serializable.Append, Key: key, Value: s.next})
	}
}

// lock locks a key, if the store locks. It reports whether the transaction can continue.
func (s *simulation) lock(a *attempt, key uint64, exclusive bool) bool {
	if s.isolation != itemLocks {
		return true
	}
	writer := s.writers[key]
	readers := s.readers[key]
	others := len(readers)
	if readers[a] {
		others--
	}
	if writer != nil && writer != a || exclusive && others > 0 {
		a.refused = true
		return false
	}
	if exclusive {
		s.writers[key] = a
	}
	if readers == nil {
		s.readers[key] = map[*attempt]bool{a: true}
	} else {
		readers[a] = true
	}
	return true
}

// unlock frees what a transaction has locked.
func (s *simulation) unlock(a *attempt) {
	for _, readers := range s.readers {
		delete(readers, a)
	}
	maps.DeleteFunc(s.writers, func(_ uint64, writer *attempt) bool { return writer == a })
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
	if fate < s.aborts || a.refused {
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
