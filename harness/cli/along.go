package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/results"
)

// axis is the points of a run that differ from one point in one parameter. It shows from
// which value on another implementation is the better one.
type axis struct {
	Suite    string      `json:"suite"`
	Key      string      `json:"key"`
	Unit     string      `json:"unit"`
	Baseline string      `json:"baseline"`
	Values   []axisPoint `json:"values"`
}

// axisPoint is what one value of an axis's parameter has shown.
type axisPoint struct {
	Value     string   `json:"value"`
	NotBeaten []string `json:"not_beaten"`
	Unclear   string   `json:"unclear,omitempty"` // why nothing is not beaten
	Ratio     *float64 `json:"baseline_ratio"`    // to the best, in the same rounds; null: there is none
	Low       *float64 `json:"baseline_ratio_low"`
	High      *float64 `json:"baseline_ratio_high"`
	Out       string   `json:"baseline_out,omitempty"` // why the baseline cannot win

	baseline string // what the text says of the baseline
}

// axes returns the parameters in which a suite's verdicts differ from one of them alone.
func axes(verdicts []results.Verdict, s harness.Suite, from results.Verdict) (all []axis) {
	cell, err := results.ParseName(from.Point)
	if err != nil {
		return nil
	}
	var baseline string
	for _, l := range s.Loads {
		if l.Name == from.Work {
			baseline = l.Baseline
		}
	}
	for _, p := range append(slices.Clone(cell.Params), results.Param{Key: "procs"}) {
		a := axis{Suite: s.Title(), Key: p.Key, Unit: from.Unit, Baseline: baseline}
		for _, v := range verdicts {
			if other, err := results.ParseName(v.Point); err == nil && v.Unit == from.Unit && onlyIn(cell, other, p.Key) {
				value, _ := other.Get(p.Key)
				a.Values = append(a.Values, newAxisPoint(v, value, baseline))
			}
		}
		slices.SortStableFunc(a.Values, func(x, y axisPoint) int {
			m, errX := strconv.ParseFloat(x.Value, 64)
			n, errY := strconv.ParseFloat(y.Value, 64)
			if errX != nil || errY != nil {
				return strings.Compare(x.Value, y.Value)
			}
			return cmp.Compare(m, n)
		})
		if len(a.Values) > 1 {
			all = append(all, a)
		}
	}
	return all
}

// onlyIn reports whether two cells differ in nothing but one parameter.
func onlyIn(a, b results.Cell, key string) bool {
	same := func(x, y results.Param) bool { return x.Key == y.Key && (x.Key == key || x.Value == y.Value) }
	return a.Contract == b.Contract && a.Work == b.Work && slices.EqualFunc(a.Params, b.Params, same) &&
		(key == "procs" || a.Procs == b.Procs)
}

func newAxisPoint(v results.Verdict, value, baseline string) axisPoint {
	p := axisPoint{Value: value, NotBeaten: []string{}, Unclear: v.Unclear}
	if v.Unclear != "" {
		return p // there is no best that the baseline could be compared with
	}
	p.NotBeaten = slices.Clone(v.Best)
	i := slices.IndexFunc(v.Rows, func(r results.RowVerdict) bool { return r.Impl == baseline })
	if i < 0 {
		p.baseline = baseline + " not measured"
		return p
	}
	r := v.Rows[i]
	p.Ratio, p.Low, p.High, p.Out = finite(r.Ratio), finite(r.Low), finite(r.High), r.Out
	switch {
	case slices.Contains(p.NotBeaten, baseline):
	case r.Out != "":
		p.baseline = fmt.Sprintf("%s is out: %s", baseline, r.Out)
	case p.Ratio != nil && p.Low != nil && p.High != nil:
		p.baseline = fmt.Sprintf("%s %.3g times the best (%.3g to %.3g)", baseline, r.Ratio, r.Low, r.High)
	default:
		p.baseline = baseline + " has no ratio"
	}
	return p
}

// print writes the axis with a line for each value.
func (a axis) print(w io.Writer) {
	fmt.Fprintf(w, "not beaten along %s of %s, the rest as at its first point above:\n", a.Key, a.Suite)
	width := 0
	for _, p := range a.Values {
		width = max(width, len(p.Value))
	}
	for _, p := range a.Values {
		text := strings.Join(p.NotBeaten, ", ")
		if p.Unclear != "" {
			text = "no winner: " + p.Unclear
		}
		if p.baseline != "" {
			text += "; " + p.baseline
		}
		printWrapped(w, "  ", fmt.Sprintf("%-*s %s", width, p.Value, text))
	}
}
