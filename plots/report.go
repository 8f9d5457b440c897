package plots

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/contendbench/contend/results"
)

//go:embed report.html.tmpl report.css report.js
var assets embed.FS

// ReportOptions says how to judge; zero fields have their defaults.
type ReportOptions struct{ Compare results.Options }

// page is what the template shows.
type page struct {
	Run      *results.Run
	Title    string
	CSS      template.CSS
	JS       template.JS
	Failures []failure
	Skipped  []results.ImplInfo
	Known    []results.ImplInfo
	Verdicts []results.Verdict
	Promises []promiseTable
	Floors   []results.Certificate
	Sections []reportSection
	Charts   int
	Cut      bool // not all charts are drawn
	Regimes  string
	Profiles []results.ProfileInfo
	Costs    []cost
	Duration string
	Repeat   string // the command that does it again
}

type failure struct {
	Name, Status, Reason, Detail, Replay string
}

type cost struct {
	Name string
	results.Figure
}

type reportSection struct {
	Title, Op, About string
	Constant         string // what is the same in all rows
	Charts           []picture
	Rows             []reportRow
}

type picture struct {
	Title, Caption string
	SVG            template.HTML
}

// reportRow is a row of the big table. Numbers carry what they sort by.
type reportRow struct {
	Impl, Kind, Promises, Where string
	Cells                       []number
	Notes                       []string
	Outcome                     string // a word, never a colour alone
	Text                        string
	Control                     bool
}

type number struct {
	Text string
	Sort float64 // NaN sorts last
}

// SortKey is the number for the table's script.
func (n number) SortKey() string {
	if math.IsNaN(n.Sort) {
		return ""
	}
	return strconv.FormatFloat(n.Sort, 'g', -1, 64)
}

// Columns are the numbers of the big table.
func (page) Columns() []string {
	return []string{"ns/op", "95 % interval", "ops/s", "p50", "p99", "p99.9", "max", "Jain", "starved", "longest wait", "active", "cpu ns/op", "B/op", "allocs/op", "trials"}
}

// Report writes the run's report: one HTML page that needs no network and no other file. Everything that comes from
// the run's files is escaped.
func Report(run *results.Run, out io.Writer, o ReportOptions) error {
	percent := func(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }
	t, err := template.New("report.html.tmpl").Funcs(template.FuncMap{"percent": percent}).ParseFS(assets, "report.html.tmpl")
	if err != nil {
		return err
	}
	css, err := assets.ReadFile("report.css")
	if err != nil {
		return err
	}
	js, err := assets.ReadFile("report.js")
	if err != nil {
		return err
	}
	p := page{
		Run: run, Title: "contend: " + run.Info.Preset + " run of " + run.Info.Start.Format("2006-01-02 15:04"),
		CSS: template.CSS(css), JS: template.JS(js), // #nosec: our own files
		Verdicts: results.Verdicts(run, o.Compare), Floors: results.Certificates(run, o.Compare),
		Profiles: run.Info.Profiles, Regimes: regimes(run),
	}
	if run.Info.End.After(run.Info.Start) {
		p.Duration = run.Info.End.Sub(run.Info.Start).Round(time.Second).String()
	}
	p.Repeat = "contend " + strings.Join(run.Info.Args, " ")
	if !slices.Contains(run.Info.Args, "--seed") {
		p.Repeat += fmt.Sprintf(" --seed %d", run.Info.Seed)
	}
	p.fillFailures()
	for _, i := range run.Info.Impls {
		if i.Skipped != "" {
			p.Skipped = append(p.Skipped, i)
		}
		if i.Role == "known-broken" {
			p.Known = append(p.Known, i)
		}
	}
	p.Promises = promiseTables(run)
	for name, f := range run.Info.Costs {
		p.Costs = append(p.Costs, cost{name, f})
	}
	slices.SortFunc(p.Costs, func(a, b cost) int { return strings.Compare(a.Name, b.Name) })
	if err := p.fillSections(o.Compare); err != nil {
		return err
	}
	return t.Execute(out, p)
}

func (p *page) fillFailures() {
	for _, r := range p.Run.Rows() {
		if r.Passed() {
			continue
		}
		bad := r.Bad[0]
		f := failure{Name: r.Name(), Status: string(bad.Status), Reason: bad.Reason}
		if bad.Detail != "" {
			f.Detail = "failures/" + bad.Detail
			f.Replay = "contend stress --replay " + strings.TrimSuffix(p.Run.Path, "/") + "/" + f.Detail
		}
		p.Failures = append(p.Failures, f)
	}
}

// regimes says whether the machine had two regimes during the run.
func regimes(run *results.Run) string {
	near, two := results.ProbeRegime(run.Trials)
	if !two {
		return "The probe of the way between two cores saw one regime."
	}
	n := 0
	for _, t := range run.Trials {
		if near(t) {
			n++
		}
	}
	return fmt.Sprintf("The probe of the way between two cores saw two regimes: %d trials began in the faster one, %d in the slower.", n, len(run.Trials)-n)
}

func (p *page) fillSections(o results.Options) error {
	verdicts := map[string]results.RowVerdict{}
	for _, v := range p.Verdicts {
		for _, r := range v.Rows {
			verdicts[v.Point+" "+r.Impl] = r
		}
	}
	impls := map[string]results.ImplInfo{}
	for _, i := range p.Run.Info.Impls {
		impls[i.Contract+" "+i.Name] = i
	}
	pictures := map[string][]picture{}
	all := charts(p.Run, p.Verdicts, o)
	p.Charts, p.Cut = len(all), len(all) == mostCharts
	for _, c := range all {
		svg, err := c.SVG()
		if err != nil {
			return err
		}
		pictures[c.Section] = append(pictures[c.Section], picture{c.Title, c.Caption, template.HTML(inline(svg))}) // #nosec: drawn by us, with its texts escaped
	}
	near, _ := results.ProbeRegime(p.Run.Trials)
	for _, s := range sections(p.Run) {
		r := reportSection{Title: s.title(), Op: s.info.Op, About: s.info.About, Charts: pictures[s.key()]}
		r.Constant = strings.Join(s.constant, ", ")
		for _, row := range s.rows {
			if row.Passed() {
				r.Rows = append(r.Rows, newRow(row, s.where(row.Cell), impls[row.Contract+" "+row.Impl], verdicts[row.Point()+" "+row.Impl], p.Run.Info.Machine.Cores, near))
			}
		}
		p.Sections = append(p.Sections, r)
	}
	return nil
}

// inline drops the XML header of a picture, which a page must not have.
func inline(svg []byte) string {
	text := string(svg)
	if i := strings.Index(text, "<svg"); i >= 0 {
		text = text[i:]
	}
	return text
}

func newRow(row results.Row, where string, impl results.ImplInfo, v results.RowVerdict, cores int, near func(results.Trial) bool) reportRow {
	ns := row.Sample("ns/op")
	r := reportRow{
		Impl: row.Impl, Kind: impl.Kind, Promises: strings.Join(impl.Promises, ", "), Where: where,
		Outcome: string(v.Outcome), Text: v.Text, Control: v.Control,
	}
	r.Cells = []number{
		{fmt.Sprintf("%.4g", ns.Median), ns.Median},
		{fmt.Sprintf("%.4g to %.4g", ns.Low, ns.High), ns.Low},
	}
	for _, c := range []struct {
		unit string
		show func(float64) string
	}{
		{"ops/s", rate},
		{"p50-ns", duration},
		{"p99-ns", duration},
		{"p99.9-ns", duration},
		{"max-ns", duration},
		{"jain", short},
		{"starved", short},
		{"wait-max-ns", duration},
		{"active", short},
		{"cpu-ns/op", short},
		{"B/op", short},
		{"allocs/op", short},
	} {
		s := row.Sample(c.unit)
		if s.N == 0 {
			r.Cells = append(r.Cells, number{"", math.NaN()})
			continue
		}
		r.Cells = append(r.Cells, number{c.show(s.Median), s.Median})
	}
	r.Cells = append(r.Cells, number{strconv.Itoa(ns.N), float64(ns.N)})
	r.Notes = append(notes(row, ns, cores), regimeNote(row, near)...)
	return r
}
