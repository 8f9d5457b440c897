package linearizable_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/contendbench/contend/harness/history"
	"github.com/contendbench/contend/harness/history/linearizable"
	"github.com/contendbench/contend/workloads/models"
)

type (
	access = history.Call[models.Access, models.Result]
	put    = history.Call[models.Put, models.Result]
)

func yes(v int) *models.Result { return &models.Result{Value: v, OK: true} }

func nothing() *models.Result { return new(models.Result) }

func store(client, value int, begin, end int64) access {
	in := models.Access{Op: models.Store, Value: value}
	return access{Client: client, In: in, Out: nothing(), Begin: begin, End: end}
}

func load(client, value int, begin, end int64) access {
	in := models.Access{Op: models.Load}
	return access{Client: client, In: in, Out: yes(value), Begin: begin, End: end}
}

func TestRegister(t *testing.T) {
	cut := access{In: models.Access{Op: models.Store, Value: 1}, Begin: 1, End: 9}
	for name, c := range map[string]struct {
		calls []access
		ok    bool
	}{
		"one after the other":     {[]access{store(0, 1, 1, 2), load(1, 1, 3, 4)}, true},
		"an old value":            {[]access{store(0, 1, 1, 2), load(1, 0, 3, 4)}, false},
		"either, while it stores": {[]access{store(0, 1, 1, 6), load(1, 0, 2, 3), load(1, 1, 4, 5)}, true},
		"new and then old":        {[]access{store(0, 1, 1, 6), load(1, 1, 2, 3), load(1, 0, 4, 5)}, false},
		"cut off, and seen":       {[]access{cut, load(1, 1, 2, 3)}, true},
	} {
		var v *linearizable.Violation
		if err := models.Register().Check(c.calls); (err == nil) != c.ok || err != nil && !errors.As(err, &v) {
			t.Errorf("%s: got error %v, want linearizable = %v", name, err, c.ok)
		}
	}
}

func TestKeysAreJudgedAlone(t *testing.T) {
	a, b := store(0, 1, 1, 2), load(1, 5, 3, 4)
	b.In.Key = 1
	want := "these 1 calls (of 2 recorded)"
	if err := models.Register().Check([]access{a, b}); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want %q", err, want)
	}
}

func in(v int, begin, end int64) put {
	return put{In: models.Put{In: true, Value: v}, Out: yes(0), Begin: begin, End: end}
}

func out(v *models.Result, begin, end int64) put {
	return put{Client: 1, Out: v, Begin: begin, End: end}
}

func TestLists(t *testing.T) {
	full := in(9, 7, 8)
	full.Out = nothing()
	for name, c := range map[string]struct {
		calls                              []put
		queue, stack, lenientQueue, twoInQ bool
	}{
		"first in, first out":       {[]put{in(1, 1, 2), in(2, 3, 4), out(yes(1), 5, 6)}, true, false, true, true},
		"last in, first out":        {[]put{in(1, 1, 2), in(2, 3, 4), out(yes(2), 5, 6)}, false, true, false, false},
		"twice":                     {[]put{in(1, 1, 2), out(yes(1), 3, 4), out(yes(1), 5, 6)}, false, false, false, false},
		"empty with a value inside": {[]put{in(1, 1, 2), out(nothing(), 3, 4)}, false, false, true, false},
		"full":                      {[]put{in(1, 1, 2), in(2, 3, 4), full}, false, false, true, true},
		"one too many":              {[]put{in(1, 1, 2), in(2, 3, 4), in(3, 5, 6)}, true, true, true, false},
	} {
		for kind, m := range map[string]struct {
			model linearizable.Model[[]int, models.Put, models.Result]
			ok    bool
		}{
			"queue": {models.Queue(0, true), c.queue}, "stack": {models.Stack(0, true), c.stack},
			"lenient queue": {models.Queue(0, false), c.lenientQueue}, "queue of 2": {models.Queue(2, true), c.twoInQ},
		} {
			if err := m.model.Check(c.calls); (err == nil) != m.ok {
				t.Errorf("%s of a %s: got error %v, want linearizable = %v", name, kind, err, m.ok)
			}
		}
	}
}

func TestSetAndSemaphore(t *testing.T) {
	member := func(op string, got bool, at int64) history.Call[models.Membership, bool] {
		return history.Call[models.Membership, bool]{In: models.Membership{Op: op, Key: 3}, Out: &got, Begin: at, End: at + 1}
	}
	if err := models.Set().Check([]history.Call[models.Membership, bool]{
		member(models.Insert, true, 1), member(models.Insert, false, 3), member(models.Contains, true, 5),
		member(models.Remove, true, 7), member(models.Contains, false, 9),
	}); err != nil {
		t.Errorf("a set: got error %v, want none", err)
	}
	if models.Set().Check([]history.Call[models.Membership, bool]{member(models.Remove, true, 1)}) == nil {
		t.Error("a removal from an empty set: got no error, want one")
	}
	permits := func(n models.Permits, got bool, at int64) history.Call[models.Permits, bool] {
		return history.Call[models.Permits, bool]{In: n, Out: &got, Begin: at, End: at + 1}
	}
	refused := []history.Call[models.Permits, bool]{permits(1, true, 1), permits(1, false, 3)}
	if models.Semaphore(2, true).Check(refused) == nil {
		t.Error("a free permit that is refused: got no error, want one")
	}
	if err := models.Semaphore(2, false).Check(refused); err != nil {
		t.Errorf("a lenient semaphore: got error %v, want none", err)
	}
	if models.Semaphore(2, false).Check(append(refused, permits(2, true, 5))) == nil {
		t.Error("three of two permits: got no error, want one")
	}
	released := append(refused[:1:1], permits(-1, true, 3), permits(2, true, 5))
	if err := models.Semaphore(2, true).Check(released); err != nil {
		t.Errorf("permits after a release: got error %v, want none", err)
	}
}

// A long history with one wrong load is shortened to a history that is still wrong, with
// a page.
func TestShortest(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var calls []access
	value, at := 0, int64(0)
	for range 200 {
		at += 2
		if rng.IntN(2) == 0 {
			value = rng.IntN(1000)
			calls = append(calls, store(rng.IntN(3), value, at, at+1))
		} else {
			calls = append(calls, load(rng.IntN(3), value, at, at+1))
		}
	}
	calls[100] = load(0, -1, calls[100].Begin, calls[100].End)
	err := models.Register().Check(calls)
	var v *linearizable.Violation
	if !errors.As(err, &v) {
		t.Fatalf("got error %v, want a violation", err)
	}
	last := v.Calls[len(v.Calls)-1]
	if v.Of != 200 || len(v.Calls) > 80 || !strings.Contains(last, "load(0) → -1") {
		t.Errorf("got %d calls of %d, the last %s; want at most 80 of 200 up to the wrong load", len(v.Calls), v.Of, last)
	}
	loads := 0
	for _, c := range v.Calls {
		loads += strings.Count(c, "load(")
	}
	if loads != 1 {
		t.Errorf("got %d loads, want only the wrong one", loads)
	}
	page := v.Evidence()["history.html"]
	if !bytes.Contains(page, []byte("<html")) && !bytes.Contains(page, []byte("<!DOCTYPE")) {
		t.Errorf("got %.100q, want an HTML page", page)
	}
}
