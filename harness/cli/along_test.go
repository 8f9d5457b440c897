package cli

import (
	"bytes"
	"math"
	"testing"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/results"
)

// The values of a parameter are in the order of numbers, and other points take no part.
func TestAxes(t *testing.T) {
	row := func(impl string, ratio float64) results.RowVerdict {
		return results.RowVerdict{Impl: impl, Ratio: ratio, Low: ratio - 0.5, High: ratio + 0.5}
	}
	verdict := func(point string, best []string, rows ...results.RowVerdict) results.Verdict {
		return results.Verdict{Point: point, Contract: "task", Work: "submit", Unit: "ns/op", Best: best, Rows: rows}
	}
	from := verdict("Task/work=submit/task-ns=1000/submitters=4-2", []string{"ring"}, row("ring", math.NaN()))
	all := []results.Verdict{
		verdict("Task/work=submit/task-ns=100000/submitters=4-2", []string{"go"}, row("go", math.NaN())),
		from,
		verdict("Task/work=submit/task-ns=0/submitters=4-2", []string{"ring", "cond"}, row("ring", math.NaN()), row("go", 4)),
		verdict("Task/work=submit/task-ns=0/submitters=9-2", []string{"cond"}, row("go", 4)),
		verdict("Task/work=wait/task-ns=5/submitters=4-2", []string{"cond"}, row("go", 4)),
		{Point: "Task/work=submit/task-ns=7/submitters=4-2", Unit: "p99-ns"},
		{
			Point: "Task/work=submit/task-ns=5000/submitters=4-2", Unit: "ns/op", Unclear: "nothing is sure",
			Rows: []results.RowVerdict{row("go", 4)},
		},
	}
	suite := harness.Suite{About: harness.About{Contract: "task", Name: "worker"}}
	suite.Loads = []harness.Load{{Name: "submit", Baseline: "go"}}
	got := axes(all, suite, from)
	var out bytes.Buffer
	for _, x := range got {
		x.print(&out)
	}
	want := `not beaten along task-ns of task/worker, the rest as at its first point above:
  0      ring, cond; go 4 times the best (3.5 to 4.5)
  1000   ring; go not measured
  5000   no winner: nothing is sure
  100000 go
`
	if out.String() != want {
		t.Errorf("got\n%s, want\n%s", out.String(), want)
	}
}
