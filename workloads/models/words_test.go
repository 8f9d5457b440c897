package models_test

import (
	"testing"

	"github.com/contendbench/contend/harness/history"
	"github.com/contendbench/contend/workloads/models"
)

type call = history.Call[models.Words, models.Result]

func load(place, value int, begin, end int64) call {
	return call{In: models.Words{Place: place}, Out: &models.Result{Value: value, OK: true}, Begin: begin, End: end}
}

func swap(ok bool, begin, end int64, swaps ...models.WordSwap) call {
	return call{Client: 1, In: models.Words{Swaps: swaps}, Out: &models.Result{OK: ok}, Begin: begin, End: end}
}

func TestArray(t *testing.T) {
	both := []models.WordSwap{{Place: 0, New: 1}, {Place: 1, New: 1}}
	look := models.WordSwap{Place: 2}
	for name, c := range map[string]struct {
		calls []call
		ok    bool
	}{
		"all words at once":        {[]call{swap(true, 1, 2, both...), load(0, 1, 3, 4), load(1, 1, 5, 6)}, true},
		"half of a swap":           {[]call{swap(true, 1, 8, both...), load(0, 1, 2, 3), load(1, 0, 4, 5)}, false},
		"old words during a swap":  {[]call{swap(true, 1, 8, both...), load(1, 0, 2, 3), load(0, 1, 4, 5)}, true},
		"a failure with a reason":  {[]call{swap(true, 1, 2, both...), swap(false, 3, 4, both...)}, true},
		"a failure without one":    {[]call{swap(true, 1, 8, both...), swap(false, 2, 3, look)}, false},
		"a failure that changed":   {[]call{swap(true, 1, 2, both...), swap(false, 3, 4, both...), load(0, 0, 5, 6)}, false},
		"a success without reason": {[]call{swap(true, 1, 2, both...), swap(true, 3, 4, both...)}, false},
	} {
		if err := models.Array().Check(c.calls); (err == nil) != c.ok {
			t.Errorf("%s: got error %v, want linearizable = %v", name, err, c.ok)
		}
	}
}

func TestReset(t *testing.T) {
	access := func(op models.Op, value, result int, ok bool, begin int64) history.Call[models.Access, models.Result] {
		return history.Call[models.Access, models.Result]{
			In: models.Access{Op: op, Value: value}, Out: &models.Result{Value: result, OK: ok}, Begin: begin, End: begin + 1,
		}
	}
	for _, left := range []int{0, 3} {
		err := models.Register().Check([]history.Call[models.Access, models.Result]{
			access(models.Add, 3, 0, false, 1), access(models.Reset, 0, 3, true, 3), access(models.Load, 0, left, true, 5),
		})
		if got, want := err == nil, left == 0; got != want {
			t.Errorf("a sum of %d after a reset of 3: got linearizable = %v, want %v", left, got, want)
		}
	}
}
