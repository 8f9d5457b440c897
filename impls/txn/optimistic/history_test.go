package optimistic_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/impls/txn"
	"github.com/contendbench/contend/impls/txn/optimistic"
)

// The keys of a history, and what it writes, are small numbers. 0 is no value.
const historyKeys = 4

type state [historyKeys]byte

// A step is one call of a Tx and what it returned.
type step struct {
	call        string
	first, last int
	value       byte  // that a Put wrote
	saw         state // of the keys from first to last
}

// A transaction is one of a history: its steps, and whether it committed.
type transaction struct {
	steps     []step
	committed bool
}

var errOwn = errors.New("the body's own error")

// model says whether a transaction can take effect in a state.
var model = porcupine.Model{
	Init: func() any { return state{} },
	Step: func(before, input, _ any) (bool, any) {
		now := before.(state)
		t := input.(*transaction)
		for _, s := range t.steps {
			switch s.call {
			case "put":
				now[s.first] = s.value
			case "delete":
				now[s.first] = 0
			default:
				if !slices.Equal(now[s.first:s.last+1], s.saw[s.first:s.last+1]) {
					return false, before
				}
			}
		}
		if !t.committed {
			return true, before
		}
		return true, now
	},
}

// run makes random calls and notes them.
func (t *transaction) run(tx txn.Tx, r *rand.Rand, scans, writes bool, value byte) error {
	t.steps = t.steps[:0]
	for range 1 + r.IntN(4) {
		s := step{first: r.IntN(historyKeys), value: value}
		s.last = s.first
		var err error
		switch choice := r.IntN(10); {
		case choice < 3 && writes:
			s.call = "put"
			err = tx.Put(uint64(s.first), []byte{value})
		case choice < 5 && writes:
			s.call = "delete"
			err = tx.Delete(uint64(s.first))
		case choice < 7 && scans:
			s.call, s.last = "scan", s.first+r.IntN(historyKeys-s.first)
			err = tx.Scan(uint64(s.first), uint64(s.last), func(key uint64, v []byte) bool {
				s.saw[key] = v[0]
				return true
			})
		default:
			s.call = "get"
			var v []byte
			if v, err = tx.Get(uint64(s.first)); v != nil {
				s.saw[s.first] = v[0]
			}
		}
		if err != nil {
			return err
		}
		t.steps = append(t.steps, s)
		for range r.IntN(3) {
			runtime.Gosched()
		}
	}
	if r.IntN(8) == 0 {
		return errOwn // what it saw counts
	}
	return nil
}

// record runs transactions of some goroutines on a store.
func record(t *testing.T, s txn.Store, seed uint64, scans bool) (all []porcupine.Operation) {
	const clients, each = 3, 4
	var mu sync.Mutex
	var wg sync.WaitGroup
	start := time.Now()
	for client := range clients {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(seed, uint64(client)))
			for i := range each {
				tr, writes := new(transaction), r.IntN(4) > 0
				run := s.View
				if writes {
					run = s.Update
				}
				called := time.Since(start)
				err := run(context.Background(), func(tx txn.Tx) error {
					return tr.run(tx, r, scans, writes, byte(1+client*each+i))
				})
				returned := time.Since(start)
				if err != nil && !errors.Is(err, errOwn) {
					t.Errorf("got %v, want none", err)
				}
				tr.committed = err == nil
				mu.Lock()
				all = append(all, porcupine.Operation{
					ClientId: client, Input: tr, Call: int64(called), Return: int64(returned),
				})
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return all
}

// Each transaction of a history, also one that was rolled back, saw what it would have
// seen in some order. A strict store has an order that keeps that of the clock.
func testHistories(t *testing.T, i impls.Impl[txn.Backend], scans, strict bool) {
	histories := 1000
	if i.Kind == impls.Library {
		histories = 20 // it takes long to open one
	}
	for seed := range uint64(histories) {
		s := open(t, i, txn.Options{Backoff: txn.Yield})
		all := record(t, s, seed, scans)
		if !strict {
			for i := range all {
				all[i].Call, all[i].Return, all[i].ClientId = 0, 1, i
			}
		}
		if got := porcupine.CheckOperationsTimeout(model, all, 20*time.Second); got == porcupine.Illegal {
			for _, o := range all {
				t.Log(o.Call, o.Return, fmt.Sprintf("%+v", *o.Input.(*transaction)))
			}
			t.Fatalf("history %d: got %s, want an order of its transactions", seed, got)
		}
		if err := s.Close(); err != nil {
			t.Fatalf("Close: got %v, want none", err)
		}
	}
}

func open(t *testing.T, i impls.Impl[txn.Backend], o txn.Options) txn.Store {
	t.Helper()
	s, err := i.New.Open(t.Context(), "", o)
	if err != nil {
		t.Fatalf("Open: got %v, want none", err)
	}
	return s
}

func TestStrictSerializable(t *testing.T) {
	implstest.Each(t, optimistic.All(), func(t *testing.T, i impls.Impl[txn.Backend]) {
		testHistories(t, i, true, true)
	}, txn.StrictSerializable)
}

func TestSerializable(t *testing.T) {
	implstest.Each(t, optimistic.All(), func(t *testing.T, i impls.Impl[txn.Backend]) {
		testHistories(t, i, true, false)
	}, txn.Serializable)
}

func TestItemSerializable(t *testing.T) {
	implstest.Each(t, optimistic.All(), func(t *testing.T, i impls.Impl[txn.Backend]) {
		testHistories(t, i, false, true)
	}, txn.ItemSerializable)
}
