package load

import (
	"fmt"
	"math"
	"time"

	"github.com/contendbench/contend/harness"
)

const (
	// againstTime is the length of a window of CheckAgainst.
	againstTime = 50 * time.Millisecond
	// maxChance is the probability of a false alarm that a window may have.
	maxChance = 1e-6
	// minWrong is the share of rounds that must have gone wrong.
	minWrong = 0.2
)

// A Round plays one round for a worker, and reports whether it went well. An error fails
// the window at once: it is for what no delay can excuse.
type Round func(*harness.Worker) (right bool, err error)

// CheckAgainst plays rounds for a window, in turn with rounds of a control that is right
// by construction. What depends on timing goes wrong now and then, and more often on a
// busy machine, but it does so in both. The window fails when the subject's rounds go
// wrong significantly more often than the control's; complaint says what went wrong. The
// rounds of all windows of a stress run at one point count; too few decide nothing.
func CheckAgainst(t *harness.Trial, round, control Round, complaint string) error {
	subject := t.Carry(carried{"subject"}, func() any { return new(tried) }).(*tried)
	other := t.Carry(carried{"control"}, func() any { return new(tried) }).(*tried)
	return t.Window(func(w *harness.Window) error {
		w.Lasts(againstTime)
		w.Go("round", 1, func(w *harness.Worker) {
			for w.Next() {
				for _, play := range []struct {
					Round
					*tried
				}{{round, subject}, {control, other}} {
					right, err := play.Round(w)
					if err != nil {
						w.Fail(err)
						return
					}
					play.add(right)
				}
			}
		})
		w.Check(func() error { return compare(*subject, *other, complaint) })
		return nil
	})
}

// carried is the key of what one window leaves to the next.
type carried struct{ who string }

// tried counts rounds.
type tried struct{ rounds, wrong int }

func (t *tried) add(right bool) {
	t.rounds++
	if !right {
		t.wrong++
	}
}

// compare returns an error if the subject's rounds went wrong more often than the
// control's, or if there were too few to tell.
func compare(subject, control tried, complaint string) error {
	switch {
	case moreOften(tried{subject.rounds, subject.rounds}, control) > maxChance:
		// Not even rounds that all go wrong would prove it.
		return fmt.Errorf("%w: %d rounds, and %d of %d went wrong in the control", harness.ErrUnknown,
			subject.rounds, control.wrong, control.rounds)
	case float64(subject.wrong) < minWrong*float64(subject.rounds) || moreOften(subject, control) > maxChance:
		return nil
	}
	return fmt.Errorf("%s in %d of %d rounds, and in %d of %d rounds of a control",
		complaint, subject.wrong, subject.rounds, control.wrong, control.rounds)
}

// moreOften is the p-value of Fisher's exact test, one-sided: the probability that a goes
// wrong at least so often if both are alike.
func moreOften(a, b tried) float64 {
	wrong, all := a.wrong+b.wrong, a.rounds+b.rounds
	p := 0.0
	for k := a.wrong; k <= min(wrong, a.rounds); k++ {
		p += math.Exp(lnChoose(wrong, k) + lnChoose(all-wrong, a.rounds-k) - lnChoose(all, a.rounds))
	}
	return p
}

// lnChoose is the logarithm of the number of ways to choose k of n; minus infinity if
// there is none.
func lnChoose(n, k int) float64 {
	if k < 0 || k > n {
		return math.Inf(-1)
	}
	ln := func(n int) float64 {
		v, _ := math.Lgamma(float64(n + 1))
		return v
	}
	return ln(n) - ln(k) - ln(n-k)
}
