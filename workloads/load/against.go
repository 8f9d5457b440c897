package load

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/contendbench/contend/harness"
)

const (
	// againstTime is the length of a window of CheckAgainst.
	againstTime = 20 * time.Millisecond
	// maxChance is the probability of a false alarm that a window may have.
	maxChance = 1e-6
	// maxHere is that probability at the point, where controls at other points count, too.
	maxHere = 0.01
	// minWrong is the share of rounds that must have gone wrong.
	minWrong = 0.2
)

// A Round plays one round for a worker, and reports whether it went well. An error fails
// the window at once: it is for what no delay can excuse.
type Round func(*harness.Worker) (right bool, err error)

// Both is a control that goes well when both of two rounds do.
func Both(a, b Round) Round {
	return func(w *harness.Worker) (bool, error) {
		rightA, errA := a(w)
		rightB, errB := b(w)
		return rightA && rightB, errors.Join(errA, errB)
	}
}

// CheckAgainst plays rounds for a window, in turn with rounds of a control that is right
// by construction. What depends on timing goes wrong now and then, and more often on a
// busy machine, but it does so in both. The window fails when the subject's rounds go
// wrong significantly more often than the control's; complaint says what went wrong. The
// rounds of all windows of a stress run at one point count; too few decide nothing.
func CheckAgainst(t *harness.Trial, round, control Round, complaint string) error {
	here := t.Carry(carried{"control"}, fresh).(*tried)
	return checkAgainst(t, round, control, here, complaint)
}

// checkAgainst is CheckAgainst with a control that is the same at all points of the load;
// everywhere counts its rounds at all of them.
func checkAgainst(t *harness.Trial, round, control Round, everywhere *tried, complaint string) error {
	subject := t.Carry(carried{"subject"}, fresh).(*tried)
	here := t.Carry(carried{"control"}, fresh).(*tried)
	return t.Window(func(w *harness.Window) error {
		w.Lasts(againstTime)
		w.Go("round", 1, func(w *harness.Worker) {
			for w.Next() {
				right, err := round(w)
				subject.add(right)
				rightControl, controlErr := control(w)
				here.add(rightControl)
				if everywhere != here {
					everywhere.add(rightControl)
				}
				if err = errors.Join(err, controlErr); err != nil {
					w.Fail(err)
					return
				}
			}
		})
		w.Check(func() error { return compare(*subject, *here, *everywhere, complaint) })
		return nil
	})
}

func fresh() any { return new(tried) }

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
// control's, or if there were too few to tell. A stall of the machine hits both at one
// point, so the rounds here must differ, too.
func compare(subject, here, everywhere tried, complaint string) error {
	all := tried{subject.rounds, subject.rounds}
	switch {
	case moreOften(all, everywhere) > maxChance || moreOften(all, here) > maxHere:
		// Not even rounds that all go wrong would prove it.
		return fmt.Errorf("%w: %d rounds, and %d of %d went wrong in the control", harness.ErrUnknown,
			subject.rounds, everywhere.wrong, everywhere.rounds)
	case float64(subject.wrong) < minWrong*float64(subject.rounds),
		moreOften(subject, everywhere) > maxChance, moreOften(subject, here) > maxHere:
		return nil
	}
	return fmt.Errorf("%s in %d of %d rounds, and in %d of %d rounds of a control",
		complaint, subject.wrong, subject.rounds, everywhere.wrong, everywhere.rounds)
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
