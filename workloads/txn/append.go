package txn

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/history/serializable"
	txns "github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/workloads/load"
)

// listAppend plays short histories of transactions that append numbers to lists, read them
// and scan them. The orders of the lists tell which transaction came before which, and a
// cycle of that is an anomaly.
//
// Source: Kingsbury and Alvaro 2020, "Elle", VLDB 14(3), §3.
var listAppend = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "list-append", Turn: "history",
		About:  "short histories of lists that grow; no cycle may show that its level of isolation forbids",
		Params: []harness.AnyParam{load.Clients, load.Calls, lists, backoff}, Allocates: true,
		Probes: txns.Levels,
		Points: harness.Points{Stress: []harness.Grid{
			harness.Over(
				harness.Within(load.Clients, 2, 8), harness.Within(load.Calls, 1, 20), harness.Within(lists, 1, 8), backoffs,
			),
		}},
		Share: 4,
	},
	Run: runListAppend,
}

var lists = harness.Param[int]{
	Key: "lists", About: "keys of a history, 1 to 1000", Default: 3, Valid: harness.Between(1, 1000),
}

func runListAppend(t *harness.Trial, b txns.Backend) error {
	level := levelOf(t)
	return onStores(t, b, 0, nothing, func(w *harness.Window, s *site) error {
		w.Go("history", 1, func(w *harness.Worker) {
			first := uint64(0)
			for w.Next() {
				h := newListHistory(w.Rand(), s, first, lists.Of(t), level)
				first += uint64(lists.Of(t)) // so each history starts with empty lists
				if err := h.play(w.Rand(), load.Clients.Of(t), load.Calls.Of(t)); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		return nil
	})
}

// levelOf returns the level that the store of a trial promises.
func levelOf(t *harness.Trial) serializable.Level {
	switch {
	case t.Promises(txns.StrictSerializable):
		return serializable.StrictSerializable
	case t.Promises(txns.Serializable):
		return serializable.Serializable
	case t.Promises(txns.ItemSerializable):
		return serializable.RepeatableRead // it allows phantoms, also in what should be one state
	case t.Promises(txns.Snapshot):
		return serializable.Snapshot
	}
	return serializable.ReadCommitted
}

// A listHistory is one history.
type listHistory struct {
	s     *site
	first uint64 // key
	lists int
	level serializable.Level
	clock *atomic.Int64 // nil: none, because it would order what the store must order
	yield int           // one operation in so many yields; 0: none
}

// newListHistory makes a history on keys that have no lists. Half of those of a strict
// store leave real time out.
func newListHistory(rng *rand.Rand, s *site, first uint64, lists int, level serializable.Level) *listHistory {
	h := &listHistory{s: s, first: first, lists: lists, level: level, yield: []int{0, 2, 3, 5}[rng.IntN(4)]}
	if level == serializable.StrictSerializable {
		if h.clock = new(atomic.Int64); rng.IntN(2) == 0 {
			h.level, h.clock = serializable.Serializable, nil
		}
	}
	return h
}

// play plays the history, reads all lists at its end, and checks it.
func (h *listHistory) play(rng *rand.Rand, clients, calls int) error {
	all := make([]*listClient, clients+1)
	for i := range all {
		all[i] = &listClient{h: h, id: i, clients: len(all), rng: rand.New(rand.NewPCG(rng.Uint64(), uint64(i)))}
	}
	errs := make([]error, clients)
	var waiting atomic.Int64
	var group sync.WaitGroup
	for i := range clients {
		group.Go(func() {
			for waiting.Add(1); waiting.Load() < int64(clients); { // start all together
				runtime.Gosched()
			}
			for range calls {
				if errs[i] = all[i].transact(all[i].draw()); errs[i] != nil {
					return
				}
			}
		})
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	last := all[clients]
	everything := serializable.Op{Kind: serializable.Scan, Key: h.first, Last: h.first + uint64(h.lists-1)}
	if err := last.transact([]serializable.Op{everything}); err != nil {
		return err
	}
	var attempts []serializable.Transaction
	for _, c := range all {
		attempts = append(attempts, c.attempts...)
	}
	if err := serializable.Check(attempts, h.level); err != nil {
		return &listFault{err, attempts, h.clock != nil}
	}
	return nil
}

func (h *listHistory) now() int64 {
	if h.clock == nil {
		return 0
	}
	return h.clock.Add(1)
}

// A listClient is one goroutine of a history.
type listClient struct {
	h       *listHistory
	id      int
	clients int
	rng     *rand.Rand

	values   uint64 // that it has appended
	attempts []serializable.Transaction
	began    int64 // a time before the store may have started the next attempt
}

// longestList is how many operations a transaction of a history has at most.
const longestList = 6

// draw draws the operations of a transaction.
func (c *listClient) draw() (ops []serializable.Op) {
	key := func() uint64 { return c.h.first + anyKey(c.rng, c.h.lists) }
	reads := c.rng.IntN(4) == 0 // alone
	for range 1 + c.rng.IntN(longestList) {
		switch n := c.rng.IntN(8); {
		case n < 4 && !reads:
			ops = append(ops, serializable.Op{Kind: serializable.Append, Key: key()})
		case n < 6:
			ops = append(ops, serializable.Op{Kind: serializable.Read, Key: key()})
		default:
			from, to := key(), key()
			ops = append(ops, serializable.Op{Kind: serializable.Scan, Key: min(from, to), Last: max(from, to)})
		}
	}
	return ops
}

// errAbandoned ends a transaction that could have committed.
var errAbandoned = errors.New("the transaction's own error")

// transact runs a transaction. Each attempt at it is one of the history: those that were
// run again have aborted, and so has one in eight that could have committed.
func (c *listClient) transact(plan []serializable.Op) error {
	run := c.h.s.View
	appends := func(op serializable.Op) bool { return op.Kind == serializable.Append }
	if slices.ContainsFunc(plan, appends) || c.rng.IntN(3) == 0 {
		run = c.h.s.Update
	}
	abandons := c.rng.IntN(8) == 0 && c.id < c.clients-1
	c.began = c.h.now()
	swallowed := false // by the last attempt: the error of a call of its Tx
	err := run(context.Background(), func(tx txns.Tx) error {
		// The store may start the next attempt at once, before it calls the body.
		defer func() { c.began = c.h.now() }()
		swallowed = false
		c.attempts = append(c.attempts, serializable.Transaction{
			Name: fmt.Sprintf("T%d", 1+c.id+c.clients*len(c.attempts)), Client: c.id,
			Outcome: serializable.Aborted, Begin: c.began,
		})
		for _, op := range plan {
			if c.h.yield > 0 && c.rng.IntN(c.h.yield) == 0 {
				runtime.Gosched()
			}
			if err := c.do(tx, op); err != nil {
				swallowed = c.rng.IntN(4) == 0
				if swallowed {
					return nil
				}
				return fmt.Errorf("operation of key %d: %w", op.Key, err)
			}
		}
		if abandons {
			return errAbandoned
		}
		return nil
	})
	last := &c.attempts[len(c.attempts)-1]
	last.End = c.h.now()
	switch {
	case err == nil && swallowed:
		return errors.New("a transaction was committed, although a call of its Tx had returned an error")
	case err == nil && !abandons:
		last.Outcome = serializable.Committed
		return nil
	case err == nil:
		return errors.New("the body of a transaction returned an error, and the transaction returned none")
	case abandons && errors.Is(err, errAbandoned):
		return nil
	}
	return fmt.Errorf("a transaction that nothing forbids: %w", err)
}

// do makes an operation, and adds it to the last attempt. An append reads the list first.
func (c *listClient) do(tx txns.Tx, op serializable.Op) error {
	attempt := &c.attempts[len(c.attempts)-1]
	if op.Kind == serializable.Scan {
		var wrong error
		most := 1 + c.rng.IntN(2*c.h.lists) // lists until the scan stops
		err := tx.Scan(op.Key, op.Last, func(key uint64, value []byte) bool {
			var l []uint64
			l, wrong = listOf(value)
			op.Lists = append(op.Lists, serializable.List{Key: key, Values: l})
			if len(op.Lists) == most {
				op.Last = key
			}
			return wrong == nil && len(op.Lists) < most
		})
		if err = errors.Join(err, wrong); err != nil {
			return err
		}
		attempt.Ops = append(attempt.Ops, op)
		return nil
	}
	value, err := tx.Get(op.Key)
	if err != nil {
		return err
	}
	l, err := listOf(value)
	if err != nil {
		return err
	}
	attempt.Ops = append(attempt.Ops, serializable.Op{Kind: serializable.Read, Key: op.Key, List: l})
	if op.Kind == serializable.Read {
		return nil
	}
	c.values++
	op.Value = uint64(c.id+1)*1000 + c.values // short, for whoever reads a failure
	if c.values >= 1000 {
		op.Value = uint64(c.id+1)<<32 | c.values
	}
	attempt.Ops = append(attempt.Ops, op)
	return tx.Put(op.Key, binary.LittleEndian.AppendUint64(slices.Clone(value), op.Value))
}

// listOf returns the list in a value.
func listOf(value []byte) ([]uint64, error) {
	if len(value)%8 != 0 {
		return nil, fmt.Errorf("a transaction read %d bytes of a list, want 8 for each number", len(value))
	}
	var l []uint64
	for i := 0; i < len(value); i += 8 {
		l = append(l, binary.LittleEndian.Uint64(value[i:]))
	}
	return l, nil
}
