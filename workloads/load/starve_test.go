package load_test

import (
	"testing"

	"github.com/contendbench/contend/workloads/load"
)

// A long wait is an accident. Many are not.
func TestARecordOfWaits(t *testing.T) {
	for _, c := range []struct {
		name  string
		waits []int64
		fails bool
	}{
		{"an accident", []int64{600, 3}, false},
		{"two accidents", []int64{600, 600, 3, 4, 5}, false},
		{"rare accidents", append(make([]int64, 100), 600, 600, 600), false},
		{"chance lets them through", []int64{150, 1, 2, 80, 3, 70}, true},
	} {
		var r load.Record
		var err error
		for _, w := range c.waits {
			if e := r.Add(w); e != nil {
				err = e
			}
		}
		if (err != nil) != c.fails {
			t.Errorf("%s: got error %v, want one: %v", c.name, err, c.fails)
		}
	}
}
