package load

import (
	"errors"
	"math"
	"testing"

	"github.com/contendbench/contend/harness"
)

// 8 wrong of 10 against 1 of 10: (9·55 + 11)/184756, from the hypergeometric distribution.
func TestMoreOften(t *testing.T) {
	for _, c := range []struct {
		a, b tried
		want float64
	}{
		{tried{10, 8}, tried{10, 1}, 506.0 / 184756},
		{tried{5, 0}, tried{5, 3}, 1},
		{tried{3, 3}, tried{3, 0}, 1.0 / 20},
	} {
		if got := moreOften(c.a, c.b); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%v against %v: got %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestRoundsAreJudgedAgainstTheControl(t *testing.T) {
	const pass, fail, unknown = "pass", "fail", "unknown"
	for _, c := range []struct {
		subject, control tried
		elsewhere        tried // rounds of the control at other points
		want             string
	}{
		{tried{11, 11}, tried{11, 0}, tried{}, unknown}, // too few rounds, even if all go wrong
		{tried{12, 12}, tried{12, 0}, tried{}, fail},
		{tried{12, 0}, tried{12, 3}, tried{}, unknown}, // the machine is too busy
		{tried{50, 25}, tried{50, 1}, tried{}, fail},   // every eighth of four hand-overs
		{tried{50, 25}, tried{50, 20}, tried{}, pass},  // a busy machine: the control goes wrong, too
		{tried{500, 60}, tried{500, 0}, tried{}, pass}, // a share that preemption explains
		{tried{50, 0}, tried{50, 10}, tried{}, pass},
		{tried{6, 6}, tried{6, 0}, tried{60, 0}, fail},
		{tried{6, 6}, tried{6, 6}, tried{60, 0}, unknown}, // the machine stalled
		{tried{20, 20}, tried{20, 20}, tried{900, 0}, unknown},
		{tried{20, 8}, tried{20, 6}, tried{200, 0}, pass}, // both went wrong here, and only here
	} {
		got := pass
		everywhere := tried{c.control.rounds + c.elsewhere.rounds, c.control.wrong + c.elsewhere.wrong}
		switch err := compare(c.subject, c.control, everywhere, "it was wrong"); {
		case errors.Is(err, harness.ErrUnknown):
			got = unknown
		case err != nil:
			got = fail
		}
		if got != c.want {
			t.Errorf("%v against %v: got %s, want %s", c.subject, c.control, got, c.want)
		}
	}
}
