package txn

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/contendbench/contend/harness"
	txns "github.com/contendbench/contend/impls/txn"
)

// model compares a store with a map: one worker runs random transactions on both, and
// each call must return what the map says.
var model = harness.Workload[txns.Backend]{
	Load: harness.Load{
		Name: "model", Turn: "transaction",
		About:  "one worker runs random transactions, and each call returns what a map of the same keys says",
		Params: []harness.AnyParam{modelKeys, backoff}, Allocates: true,
		Points: harness.Points{Stress: []harness.Grid{harness.Over(modelKeys.In(12, 3, 150), backoffs)}},
		Share:  2,
	},
	Run: runModel,
}

var modelKeys = harness.Param[int]{
	Key: "keys", About: "keys that transactions use, 2 to 1000", Default: 12, Valid: harness.Between(2, 1000),
}

// edges are keys where an order of bytes, or of signed numbers, could end.
var edges = []uint64{
	0, math.MaxUint64, 1, math.MaxUint64 - 1, 255, 256, math.MaxInt64, math.MaxInt64 + 1, 1 << 40, 2,
}

// keysOf returns n keys, the edges first.
func keysOf(n int) []uint64 {
	keys := edges[:min(n, len(edges)):len(edges)]
	for i := len(keys); i < n; i++ {
		keys = append(keys, uint64(i)*0x9e3779b97f4a7c15)
	}
	return keys
}

// content is the values by key.
type content map[uint64][]byte

// between returns the keys from first to last that have a value, in order.
func (c content) between(first, last uint64) (keys []uint64) {
	for key := range c {
		if first <= key && key <= last {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// A modeler is the worker of model.
type modeler struct {
	rng    *rand.Rand
	s      *site
	keys   []uint64
	stored content // what is committed
	kept   []keptValue
	last   txns.Tx // has ended; nil: there is none
	turns  int
	large  int // the turn from which on a large value is due; -1: it has been put

	// Those below belong to the transaction.
	script script
	ctx    context.Context
	tx     txns.Tx
	bodies int
	now    content
	wrong  error // what the body has found
}

// keptValue is what Get has returned, and a copy.
type keptValue struct {
	key       uint64
	got, want []byte
	turn      int
}

// keepFor is for how many turns a value is compared again.
const keepFor = 8

func runModel(t *harness.Trial, b txns.Backend) error {
	keys := keysOf(modelKeys.Of(t))
	first := content{}
	for i, key := range keys {
		if i%3 < 2 {
			first[key] = fmt.Appendf(nil, "value %d", i)
		}
	}
	fill := func(s txns.Store) error {
		return s.Update(t.Context, func(tx txns.Tx) error {
			for key, value := range first {
				if err := tx.Put(key, slices.Clone(value)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return onStores(t, b, 0, fill, func(w *harness.Window, s *site) error {
		m := &modeler{s: s, keys: keys, stored: maps.Clone(first)}
		w.Go("worker", 1, func(w *harness.Worker) {
			m.rng = w.Rand()
			m.large = m.rng.IntN(20)
			for w.Next() {
				if err := m.transact(m.write()); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		w.Check(func() error {
			return m.transact(script{view: true, calls: []call{{kind: scans, last: math.MaxUint64}}})
		})
		return nil
	})
}

// transact runs a transaction to its end.
func (m *modeler) transact(p script) error {
	ctx, cancel := context.WithCancel(context.Background())
	if p.late {
		ctx, cancel = context.WithTimeout(context.Background(), 0)
	}
	defer cancel()
	m.turns++
	m.script, m.ctx, m.bodies = p, ctx, 0
	run := m.s.Update
	if p.view {
		run = m.s.View
	}
	var out outcome
	work := func() { out.of(func() error { return run(ctx, func(tx txns.Tx) error { return m.body(tx, cancel) }) }) }
	if p.how == exits {
		done := make(chan struct{})
		go func() {
			defer close(done)
			work()
		}()
		<-done
	} else {
		work()
	}
	if err := m.judge(out); err != nil {
		return err
	}
	if p.how == commits {
		m.stored = m.now
	}
	if p.how != exits && m.bodies > 0 { // the Tx is for the goroutine of the body, which may have ended
		m.last = m.tx
		if err := ended(m.last); err != nil {
			return fmt.Errorf("%v: %w", p, err)
		}
	}
	return m.compareKept()
}

// judge returns an error unless a transaction has ended as it must.
func (m *modeler) judge(out outcome) error {
	p := m.script
	good := out.returned
	want := "return <nil>"
	switch p.how {
	case commits:
		good = good && out.err == nil && m.bodies > 0
	case refuses:
		good = good && out.err == errBody //nolint:errorlint // the same error
		want = "return that error"
	case panics:
		good = !good && out.panicked == any(errPanic)
		want = "panic with the same value"
	case exits:
		good = !good && out.panicked == nil
		want = "end its goroutine"
	default:
		ending := context.Canceled
		if p.late {
			ending = context.DeadlineExceeded
		}
		good = good && errors.Is(out.err, ending)
		want = fmt.Sprintf("return %v", ending)
	}
	switch {
	case m.wrong != nil:
		return m.wrong
	case good:
		return nil
	case out.err != nil:
		return fmt.Errorf("%v: it returned %w, and should %s", p, out.err, want)
	case out.returned && m.bodies == 0:
		return fmt.Errorf("%v: it returned <nil>, and its body has not run", p)
	}
	return fmt.Errorf("%v: it %v, and should %s", p, out, want)
}

// body runs on the store and on a copy of the map.
func (m *modeler) body(tx txns.Tx, cancel func()) error {
	m.tx, m.bodies, m.now = tx, m.bodies+1, maps.Clone(m.stored)
	if m.bodies > attemptsAlone*m.s.runsPerAttempt() {
		return m.fail(fmt.Errorf("it ran %d times, and no other one was under way", m.bodies))
	}
	for _, c := range m.script.calls {
		if err := m.call(c); err != nil {
			return err
		}
	}
	if err := m.compareKept(); err != nil {
		return m.fail(err)
	}
	if m.script.inScan {
		err := tx.Scan(0, math.MaxUint64, func(uint64, []byte) bool { _ = m.script.how.leave(nil); return false })
		if err != nil {
			return err
		}
	}
	return m.script.how.leave(cancel)
}

// fail has the body return err, which counts whatever the store makes of it.
func (m *modeler) fail(err error) error {
	if err != nil && m.wrong == nil {
		m.wrong = fmt.Errorf("%v: %w", m.script, err)
	}
	return m.wrong
}

func (m *modeler) call(c call) error {
	switch c.kind {
	case gets:
		return m.get(c.key)
	case puts:
		given := slices.Clone(c.value)
		err := m.tx.Put(c.key, given)
		if !bytes.Equal(given, c.value) {
			return m.fail(fmt.Errorf("Put(%d) changed the slice that it was given", c.key))
		}
		for i := range given {
			given[i] = '#' // the store has a copy
		}
		return m.change("Put", err, func() { m.now[c.key] = append([]byte{}, c.value...) })
	case deletes:
		return m.change("Delete", m.tx.Delete(c.key), func() { delete(m.now, c.key) })
	case scans:
		return m.scan(c)
	}
	if m.last == nil {
		return nil
	}
	return m.fail(ended(m.last))
}

// change judges the error of a Put or a Delete, and does the same to the map.
func (m *modeler) change(name string, err error, same func()) error {
	switch {
	case !m.script.view:
		if err == nil {
			same()
		}
		return err
	case errors.Is(err, txns.ErrReadOnly):
		return nil
	case m.ctx.Err() != nil && errors.Is(err, m.ctx.Err()):
		return err
	}
	return m.fail(fmt.Errorf("a View's %s returned %v, want %v", name, err, txns.ErrReadOnly))
}

func (m *modeler) get(key uint64) error {
	got, err := m.tx.Get(key)
	if err != nil {
		return err
	}
	want, found := m.now[key]
	if (got != nil) != found || !bytes.Equal(got, want) {
		return m.fail(fmt.Errorf("Get(%d) returned %v, want %v", key, shown(got), shown(want)))
	}
	if found {
		m.kept = append(m.kept, keptValue{key, got, slices.Clone(got), m.turns})
	}
	return nil
}

// compareKept returns an error if a value has changed that Get returned.
func (m *modeler) compareKept() error {
	for _, k := range m.kept {
		if !bytes.Equal(k.got, k.want) {
			return fmt.Errorf("Get(%d) returned %v %d transactions ago, which the caller may keep, and now it is %v",
				k.key, shown(k.want), m.turns-k.turn, shown(k.got))
		}
	}
	m.kept = slices.DeleteFunc(m.kept, func(k keptValue) bool { return m.turns-k.turn >= keepFor })
	return nil
}

func (m *modeler) scan(c call) error {
	want := m.now.between(c.first, c.last)
	if c.stop > 0 {
		want = want[:min(c.stop, len(want))]
	}
	seen, stopped := 0, false
	var wrong error
	err := m.tx.Scan(c.first, c.last, func(key uint64, value []byte) bool {
		switch {
		case stopped && wrong == nil:
			wrong = fmt.Errorf("called its visitor with key %d after that had returned false", key)
		case stopped:
		case seen == len(want):
			wrong = fmt.Errorf("visited key %d, want the end after %d keys", key, seen)
		case key != want[seen]:
			wrong = fmt.Errorf("visited key %d, want key %d", key, want[seen])
		case !bytes.Equal(value, m.now[key]):
			wrong = fmt.Errorf("visited key %d with %v, want %v", key, shown(value), shown(m.now[key]))
		}
		seen++
		stopped = stopped || wrong != nil || seen == c.stop
		return !stopped
	})
	if err != nil && wrong == nil {
		return err
	}
	if wrong == nil && seen < len(want) {
		wrong = fmt.Errorf("visited %d keys, and not key %d, want %d", seen, want[seen], len(want))
	}
	if wrong != nil {
		wrong = fmt.Errorf("Scan(%d, %d) %w", c.first, c.last, wrong)
	}
	return m.fail(wrong)
}
