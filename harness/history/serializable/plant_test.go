package serializable_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/contendbench/contend/harness/history/serializable"
)

// plant puts the transactions of a sample into a history, at a random time. Their keys are
// letters, and those of the history are numbers.
func plant(rng *rand.Rand, h, sample []serializable.Transaction) []serializable.Transaction {
	const room = 1000 // more than the times of a sample
	at := int64(rng.IntN(int(h[len(h)-1].End) + 2))
	all := slices.Clone(h)
	for i := range all {
		if all[i].Begin > at {
			all[i].Begin += room
		}
		if all[i].End > at {
			all[i].End += room
		}
	}
	for _, t := range sample {
		t.Name, t.Begin, t.End = "P"+t.Name[1:], t.Begin+at+1, t.End+at+1
		all = slices.Insert(all, rng.IntN(len(all)+1), t)
	}
	return all
}

// severe are the classes of the anomalies that need no real time. The rest of a history
// can add cycles of real time to those of a sample.
func severe(classes []string) []string {
	return slices.DeleteFunc(slices.Clone(classes), func(c string) bool { return strings.HasSuffix(c, "-realtime") })
}

// An anomaly that is planted in a history without one is found, and classified.
func TestPlanted(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 6))
	for _, file := range files(t) {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		if name == "malformed" {
			continue
		}
		s := readSample(t, file)
		var want []string
		length := map[string]int{}
		for _, w := range s.want {
			class, path, _ := strings.Cut(w, " ")
			want, length[class] = append(want, class), strings.Count(path, "->")
		}
		for _, clients := range []int{1, 1, 5, 5} {
			base := simulation{isolation: strict, clients: clients, keys: 4, ops: 5, aborts: 10, unknown: 5, scans: 20, rng: rng}
			h := plant(rng, base.run(100), s.history)
			var got []string
			for _, a := range serializable.Anomalies(h) {
				got = append(got, a.Class.String())
				if n, ok := length[a.Class.String()]; ok && n != len(a.Cycle) {
					t.Errorf("%s in\n%s\ngot %s, want a cycle of %d", name, text(h), a.Path(), n)
				}
			}
			missed := slices.DeleteFunc(slices.Clone(want), func(c string) bool { return slices.Contains(got, c) })
			if len(missed) > 0 || !slices.Equal(severe(got), severe(want)) {
				t.Errorf("%s in\n%s\ngot %q, want %q", name, text(h), got, want)
			}
			for _, l := range serializable.Levels() {
				if err := serializable.Check(h, l); (err == nil) != slices.Contains(s.passes, l.String()) {
					t.Errorf("%s: %v: got error %v, want it to pass %q", name, l, err, s.passes)
				}
			}
		}
	}
}

// A mutation changes a serial history so that it has an anomaly of a class. It returns
// false if the history has no place for it.
type mutation struct {
	class  serializable.Class
	mutate func(h []serializable.Transaction, t, op int) bool
}

var mutations = []mutation{
	{serializable.Garbage, func(h []serializable.Transaction, t, op int) bool {
		return change(h, t, op, func(list []uint64) []uint64 { return append(list, 1<<40) })
	}},
	{serializable.Duplicate, func(h []serializable.Transaction, t, op int) bool {
		return change(h, t, op, func(list []uint64) []uint64 { return append(list, list[0]) })
	}},
	{serializable.GSingleRealTime, func(h []serializable.Transaction, t, op int) bool {
		return writer(h, t, op, func(w *serializable.Transaction) bool { // the state before it
			for slices.ContainsFunc(w.Ops, func(o serializable.Op) bool {
				list := h[t].Ops[op].List
				return len(list) > 0 && o.Kind == serializable.Append && o.Key == h[t].Ops[op].Key && o.Value == list[len(list)-1]
			}) {
				change(h, t, op, func(list []uint64) []uint64 { return list[:len(list)-1] })
			}
			return true
		})
	}},
	{serializable.G1a, func(h []serializable.Transaction, t, op int) bool {
		return writer(h, t, op, func(w *serializable.Transaction) bool {
			w.Outcome = serializable.Aborted
			return true
		})
	}},
	{serializable.G1b, func(h []serializable.Transaction, t, op int) bool {
		return writer(h, t, op, func(w *serializable.Transaction) bool {
			more := serializable.Op{Kind: serializable.Append, Key: h[t].Ops[op].Key, Value: 1 << 40}
			w.Ops = append(slices.Clone(w.Ops), more)
			return true
		})
	}},
	{serializable.Internal, func(h []serializable.Transaction, t, op int) bool {
		o := h[t].Ops[op]
		o.Kind, o.Value = serializable.Append, 1<<40
		h[t].Ops = slices.Insert(slices.Clone(h[t].Ops), op, o)
		return true
	}},
}

// change changes the list of a read, if that has one.
func change(h []serializable.Transaction, t, op int, f func([]uint64) []uint64) bool {
	o := &h[t].Ops[op]
	if len(o.List) == 0 {
		return false
	}
	o.List = f(slices.Clone(o.List))
	return true
}

// writer changes the transaction that made the last append that a read saw.
func writer(h []serializable.Transaction, t, op int, f func(*serializable.Transaction) bool) bool {
	o := &h[t].Ops[op]
	if len(o.List) == 0 {
		return false
	}
	for i := range h {
		for _, w := range h[i].Ops {
			if w.Kind == serializable.Append && w.Key == o.Key && w.Value == o.List[len(o.List)-1] {
				return f(&h[i])
			}
		}
	}
	return false
}

// A serial history with one fault has an anomaly of its class, and no level that forbids
// the class lets it pass.
func TestMutated(t *testing.T) {
	for _, m := range mutations {
		made := 0
		for seed := uint64(0); made < 200; seed++ {
			rng := rand.New(rand.NewPCG(seed, 7))
			base := simulation{isolation: strict, clients: 1, keys: 3, ops: 4, aborts: 10, rng: rng}
			h := base.run(30)
			i := rng.IntN(len(h))
			op := slices.IndexFunc(h[i].Ops, func(o serializable.Op) bool { return o.Kind == serializable.Read })
			// A read of the transaction's own append would contradict that.
			own := slices.ContainsFunc(h[i].Ops, func(o serializable.Op) bool { return o.Kind == serializable.Append })
			if op < 0 || own || h[i].Outcome != serializable.Committed || !m.mutate(h, i, op) {
				continue
			}
			made++
			all := serializable.Anomalies(h)
			if !slices.ContainsFunc(all, func(a *serializable.Anomaly) bool { return a.Class == m.class }) {
				t.Fatalf("got no %v in\n%s", m.class, text(h))
			}
			var a *serializable.Anomaly
			for _, l := range serializable.Levels() {
				if err := serializable.Check(h, l); l.Forbids(m.class) && !errors.As(err, &a) {
					t.Fatalf("%v: got error %v, want %v in\n%s", l, err, m.class, text(h))
				}
			}
		}
	}
}

// The message of an anomaly has its transactions in the text format, and says why each
// edge holds.
func TestMessage(t *testing.T) {
	s := readSample(t, "testdata/berenson-h5.txt")
	err := serializable.Check(s.history, serializable.Serializable)
	want := strings.Join([]string{
		"G2-item: a cycle with two anti-dependencies in a row: T1 -rw(x)-> T2 -rw(y)-> T1",
		"T1 before T2: T1 read [50] of x, and T2's append of 40 comes after that",
		"T2 before T1: T2 read [50] of y, and T1's append of 40 comes after that",
		"T1 2..6 committed: r(x: 50) r(y: 50) a(y 40)",
		"T2 3..7 committed: r(x: 50) r(y: 50) a(x 40)",
	}, "\n")
	if got := fmt.Sprint(err); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
