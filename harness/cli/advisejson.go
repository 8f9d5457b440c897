package cli

import (
	"encoding/json"
	"math"
	"slices"

	"github.com/contendbench/contend/results"
)

// jsonAdvice is the output of advise --json. The names of its fields are stable.
type jsonAdvice struct {
	Run      string              `json:"run"`
	Machine  results.Machine     `json:"machine"`
	Go       string              `json:"go"`
	Date     string              `json:"date"` // "" if the run does not say it
	Revision string              `json:"revision"`
	Layout   string              `json:"one_layout"` // why effects of the layout are not excluded; "": they are
	Asked    map[string]string   `json:"asked"`
	Points   []jsonPoint         `json:"points"`
	Axes     []axis              `json:"axes"`         // through the first point of each suite
	Lacking  map[string][]string `json:"not_measured"` // workloads by suite
}

type jsonPoint struct {
	Point       string           `json:"point"`
	Exact       bool             `json:"exact"` // it is the load that was asked for
	Differences []difference     `json:"differences"`
	Unit        string           `json:"unit"`
	About       string           `json:"about,omitempty"`
	Unclear     string           `json:"unclear,omitempty"` // why nothing is not beaten
	NotBeaten   []string         `json:"not_beaten"`
	Measured    results.Measured `json:"measured"`
	Rows        []jsonRow        `json:"rows"`
}

type jsonRow struct {
	Impl      string   `json:"impl"`
	Median    *float64 `json:"median"` // null: the row has no figure
	Low       *float64 `json:"low"`
	High      *float64 `json:"high"`
	Trials    int      `json:"trials"`
	Ratio     *float64 `json:"ratio"` // to the winner, in the same rounds; null: there is none
	RatioLow  *float64 `json:"ratio_low"`
	RatioHigh *float64 `json:"ratio_high"`
	Outcome   string   `json:"outcome"`
	Out       string   `json:"out,omitempty"` // why it cannot win
	Control   bool     `json:"control"`
	Promises  []string `json:"promises"`
	Text      string   `json:"text"`
}

func (a *app) printAdviceJSON(run *results.Run, q *advising, near []results.Verdict) error {
	advice := jsonAdvice{
		Run: run.Path, Machine: run.Info.Machine, Go: run.Info.Machine.Go, Revision: run.Info.Revision,
		Layout: run.Info.OneLayout, Asked: q.wanted, Lacking: map[string][]string{},
		Points: []jsonPoint{}, Axes: append([]axis{}, q.axes...),
	}
	if !run.Info.Start.IsZero() {
		advice.Date = day(run)
	}
	for _, s := range q.suites {
		if lack := unmeasured(run, s); len(lack) > 0 {
			advice.Lacking[s.Title()] = lack
		}
	}
	for _, v := range near {
		p := jsonPoint{
			Point: v.Point, Differences: append([]difference{}, q.differences(v.Point)...), Unit: v.Unit,
			About: v.About, Unclear: v.Unclear, NotBeaten: []string{}, Measured: v.Measured,
		}
		p.Exact = len(q.wanted) > 0 && len(p.Differences) == 0
		if v.Unclear == "" {
			p.NotBeaten = slices.Clone(v.Best)
		}
		for _, r := range v.Rows {
			value := r.Value
			if value.N == 0 {
				value.Median, value.Low, value.High = math.NaN(), math.NaN(), math.NaN()
			}
			p.Rows = append(p.Rows, jsonRow{
				Impl: r.Impl, Median: finite(value.Median), Low: finite(value.Low), High: finite(value.High), Trials: value.N,
				Ratio: finite(r.Ratio), RatioLow: finite(r.Low), RatioHigh: finite(r.High), Outcome: string(r.Outcome),
				Out: r.Out, Control: r.Control, Text: r.Text,
				Promises: append([]string{}, promisesOf(run, v, r.Impl)...),
			})
		}
		advice.Points = append(advice.Points, p)
	}
	e := json.NewEncoder(a.out)
	e.SetIndent("", "  ")
	return e.Encode(advice)
}

// finite returns nil for what JSON has no number for.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
