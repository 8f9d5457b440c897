package results

import "fmt"

// The units that say how long a trial's throughput windows without a turn were. Such a
// trial has no ns/op: a turn takes longer than that.
const (
	emptyWindows = "empty-windows"
	emptyMs      = "empty-ms"
)

// minTurns is how many turns a trial needs for its ns/op to be compared. A window's count
// is off by up to a turn of each worker.
const minTurns = 10

// A turnCount says how many turns the trials of a row had.
type turnCount struct {
	trials     int     // that say it
	none, few  int     // trials without a turn, and with less than minTurns
	median     float64 // over the trials that say it
	windows    int     // without a turn
	windowsLen float64 // their mean length in ms; 0: unknown
}

// turnsOf counts the turns of a row. Lines of other tools have iterations, not turns.
func (r Row) turnsOf() (c turnCount) {
	if r.Work == "" {
		return c
	}
	var turns []float64
	total := 0.0
	for _, t := range r.Good {
		empty := t.noTurn()
		if t.Turns == 0 && !empty { // an open loop, or an unknown number
			continue
		}
		turns = append(turns, float64(t.Turns))
		switch {
		case empty:
			c.none++
			c.windows += int(t.Values[emptyWindows])
			total += t.Values[emptyMs]
		case t.Turns < minTurns:
			c.few++
		}
	}
	c.trials, c.median = len(turns), Median(turns)
	if c.windows > 0 {
		c.windowsLen = total / float64(c.windows)
	}
	return c
}

// noTurn reports whether the trial had throughput windows, but no turn in them. Older
// versions gave such windows the ns/op of one turn.
func (t *Trial) noTurn() bool {
	return t.Turns == 0 && (t.Values[emptyWindows] > 0 || len(t.Windows) > 0)
}

// FewTurns says that trials of the row had no turn, or so few that their ns/op means
// little; "" if all had enough.
func (r Row) FewTurns() string {
	c := r.turnsOf()
	switch {
	case c.none > 0:
		text := "no turn finished"
		if c.windowsLen > 0 {
			text += fmt.Sprintf(" in %d windows of %.3g ms", c.windows, c.windowsLen)
		}
		if c.none < c.trials || c.windowsLen == 0 {
			text += fmt.Sprintf(" (%d of %d trials)", c.none, c.trials)
		}
		return text
	case c.tooFew():
		return fmt.Sprintf("only %.3g turns in a trial", c.median)
	case c.few > 0:
		return fmt.Sprintf("fewer than %d turns in %d of %d trials", minTurns, c.few, c.trials)
	}
	return ""
}

// tooFew reports whether the row's ns/op cannot be ranked.
func (c turnCount) tooFew() bool {
	return c.trials > 0 && (c.median < minTurns || 2*c.none >= c.trials)
}

// value returns a value of the trial for a comparison. Without a turn, ns/op has none: it
// is 0, which no ratio can be made of.
func (t *Trial) value(unit string) (v float64, ok bool) {
	if unit == nsPerOp && t.noTurn() {
		return 0, true
	}
	v, ok = t.Values[unit]
	return v, ok
}

// leastNs returns the least time that a turn took, in ns, if none finished in the trial:
// the length of a window.
func (t *Trial) leastNs() float64 {
	if n := t.Values[emptyWindows]; n > 0 {
		return t.Values[emptyMs] * 1e6 / n
	}
	return Median(t.Windows) // what older versions called ns/op
}

// valuesOfPair returns the values of two trials for their ratio. If no turn finished in
// one of them, a turn took at least as long as its window. That bounds the ratio if the
// other side's turns were shorter: the difference can only be larger.
func valuesOfPair(old, new reading, unit string) (before, after float64, bound bool) {
	switch {
	case unit != nsPerOp:
	case new.noTurn && old.value > 0 && new.least > old.value:
		return old.value, new.least, true
	case old.noTurn && new.value > 0 && old.least > new.value:
		return old.least, new.value, true
	}
	return old.value, new.value, false
}
