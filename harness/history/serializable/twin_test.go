package serializable_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/contendbench/contend/harness/history/serializable"
)

// A moment is the begin or the commit of a transaction.
type moment struct {
	txn    int
	commit bool
}

// A twin tries every order of the transactions that committed, with some of those whose
// outcome is unknown: a deliberately dumb checker for small histories.
type twin struct {
	history  []serializable.Transaction
	serial   bool // a transaction commits before another one begins
	realTime bool
}

// explained reports whether some order explains what all transactions saw.
func (w *twin) explained() bool {
	all := slices.DeleteFunc(slices.Clone(w.history), func(t serializable.Transaction) bool {
		return t.Outcome == serializable.Aborted
	})
	for some := range 1 << len(all) { // has a bit of each that takes effect
		w.history = nil
		complete := true
		for i, t := range all {
			if some>>i&1 == 1 {
				w.history = append(w.history, t)
			} else if t.Outcome == serializable.Committed {
				complete = false
			}
		}
		if complete && w.try(nil, map[uint64][]uint64{}, map[int]map[uint64][]uint64{}) {
			return true
		}
	}
	return false
}

// try continues an order. began has the state from which each transaction in it reads.
func (w *twin) try(order []moment, state map[uint64][]uint64, began map[int]map[uint64][]uint64) bool {
	if len(order) == 2*len(w.history) {
		return true
	}
	for i := range w.history {
		begins, commits := slices.Index(order, moment{i, false}), slices.Index(order, moment{i, true})
		if commits >= 0 {
			continue
		}
		if begins < 0 {
			last := len(order) - 1
			if w.serial && last >= 0 && !order[last].commit || w.realTime && w.early(i, order) {
				continue
			}
			from := maps.Clone(began)
			from[i] = state
			if w.try(append(slices.Clone(order), moment{i, false}), state, from) {
				return true
			}
			continue
		}
		after, ok := w.run(i, order[begins:], state, began[i])
		if ok && w.try(append(slices.Clone(order), moment{i, true}), after, began) {
			return true
		}
	}
	return false
}

// early reports whether a transaction ended before i began, and is not in the order.
func (w *twin) early(i int, order []moment) bool {
	for j := range w.history {
		if w.history[j].Outcome == serializable.Committed && w.history[j].End < w.history[i].Begin &&
			!slices.Contains(order, moment{j, true}) {
			return true
		}
	}
	return false
}

// run runs a transaction that began with some state. It returns the state that it leaves,
// and false if it would have seen something else or if another one changed one of its keys.
func (w *twin) run(i int, since []moment, now, began map[uint64][]uint64) (map[uint64][]uint64, bool) {
	mine := maps.Clone(began)
	now = maps.Clone(now)
	for _, op := range w.history[i].Ops {
		switch op.Kind {
		case serializable.Append:
			for _, m := range since {
				if m.commit && slices.ContainsFunc(w.history[m.txn].Ops, func(o serializable.Op) bool {
					return o.Kind == serializable.Append && o.Key == op.Key
				}) {
					return nil, false
				}
			}
			mine[op.Key] = append(slices.Clone(mine[op.Key]), op.Value)
			now[op.Key] = mine[op.Key]
		case serializable.Read:
			if !slices.Equal(mine[op.Key], op.List) {
				return nil, false
			}
		case serializable.Scan:
			seen := map[uint64][]uint64{}
			for _, l := range op.Lists {
				seen[l.Key] = l.Values
			}
			for k := op.Key; k <= op.Last; k++ {
				if !slices.Equal(mine[k], seen[k]) {
					return nil, false
				}
			}
		}
	}
	return now, true
}

// corrupt changes a list that a transaction saw, or swaps two.
func corrupt(rng *rand.Rand, h []serializable.Transaction) {
	var lists []*[]uint64
	for i := range h {
		for j := range h[i].Ops {
			op := &h[i].Ops[j]
			if op.Kind == serializable.Read {
				lists = append(lists, &op.List)
			}
			for k := range op.Lists {
				lists = append(lists, &op.Lists[k].Values)
			}
		}
	}
	if len(lists) == 0 {
		return
	}
	list := lists[rng.IntN(len(lists))]
	switch n := len(*list); rng.IntN(3) {
	case 0:
		*list = slices.Clone((*list)[:rng.IntN(n+1)])
	case 1:
		*list = append(slices.Clone(*list), uint64(1+rng.IntN(8)))
	default:
		*list = *lists[rng.IntN(len(lists))]
	}
}

// unsure reports whether transactions that committed appended to one key, and no read saw
// two of these appends. Their order is unknown then.
func unsure(h []serializable.Transaction) bool {
	type appended struct{ key, value uint64 }
	seen := map[appended]bool{}
	for _, t := range h {
		for _, op := range t.Ops {
			for _, n := range op.List {
				seen[appended{op.Key, n}] = seen[appended{op.Key, n}] || t.Outcome == serializable.Committed
			}
			for _, l := range op.Lists {
				for _, n := range l.Values {
					seen[appended{l.Key, n}] = seen[appended{l.Key, n}] || t.Outcome == serializable.Committed
				}
			}
		}
	}
	unseen := map[uint64]string{}
	for _, t := range h {
		for _, op := range t.Ops {
			if op.Kind != serializable.Append || t.Outcome != serializable.Committed || seen[appended{op.Key, op.Value}] {
				continue
			}
			if other, ok := unseen[op.Key]; ok && other != t.Name {
				return true
			}
			unseen[op.Key] = t.Name
		}
	}
	return false
}

// Check agrees with a checker that tries every order, at the levels that an order defines.
// If the order of some appends is unknown, Check may find less.
func TestTwin(t *testing.T) {
	verdicts := map[string]int{}
	stores := []isolation{strict, snapshotIsolation, readCommitted}
	for seed := range uint64(20_000) {
		rng := rand.New(rand.NewPCG(seed, 5))
		s := simulation{
			isolation: stores[rng.IntN(len(stores))], clients: 2 + rng.IntN(3), keys: 1 + rng.IntN(3), ops: 1 + rng.IntN(4),
			aborts: rng.IntN(20), unknown: rng.IntN(30), scans: rng.IntN(60), rng: rng,
		}
		h := s.run(2 + rng.IntN(3))
		if rng.IntN(3) == 0 {
			corrupt(rng, h)
		}
		for _, w := range []struct {
			level serializable.Level
			twin  twin
		}{
			{serializable.Snapshot, twin{h, false, false}},
			{serializable.Serializable, twin{h, true, false}},
			{serializable.StrictSerializable, twin{h, true, true}},
		} {
			err := serializable.Check(h, w.level)
			if want := w.twin.explained(); (err == nil) != want && (err != nil || !unsure(h)) {
				t.Fatalf("%v: got %v\nin\n%s\nwant an order that explains it = %v", w.level, err, text(h), want)
			}
			if err != nil {
				verdicts[w.level.String()]++
			}
		}
	}
	for _, l := range []string{"snapshot", "serializable", "strict-serializable"} {
		if n := verdicts[l]; n < 1000 || n > 19_000 {
			t.Errorf("%v: %d of 20000 histories fail, want some of each", l, n)
		}
	}
}
