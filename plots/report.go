package plots

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/contendbench/contend/results"
)

//go:embed report.html.tmpl report.css report.js
var assets embed.FS

// ReportOptions says how to judge. A zero field has its default.
type ReportOptions struct {
	Compare results.Options
	Command string // the executable in the lines that repeat a run or a failure; "": contend
}

// page is what the template shows.
type page struct {
	Run      *results.Run
	Title    string
	CSS      template.CSS
	JS       template.JS
	Failures []failure
	Skipped  []results.ImplInfo
	Known    []results.ImplInfo // to be broken
	Verdicts []winner
	Unclear  string // why no point has a winner
	Duet     []duetRow
	Forest   *picture // of the duet
	Around   []string // what else the machine did
	Checked  bool     // the run says that its rows were checked
	Promises []promiseTable
	Floors   []results.Certificate
	Sections []reportSection
	Charts   int
	Cut      bool // not all charts are drawn
	Regimes  string
	Profiles []results.ProfileInfo
	Costs    []cost
	Duration string
	Repeat   string // the command that repeats the run
}

type failure struct {
	Name, Status, Reason, Detail, Replay string
	Side                                 string // of a duet
}

type cost struct {
	Name string
	results.Figure
}

type reportSection struct {
	Title, Op, About string
	Constant         string // what is the same in all rows
	Charts           []picture
	Columns          []column
	Rows             []reportRow
}

type picture struct {
	Title, Caption string
	SVG            template.HTML
}

// Report writes the run's report, a single HTML page that needs no network and no other
// file. It escapes everything that comes from the run's files, also control characters.
func Report(run *results.Run, out io.Writer, o ReportOptions) error {
	percent := func(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }
	funcs := template.FuncMap{"percent": percent}
	t, err := template.New("report.html.tmpl").Funcs(funcs).ParseFS(assets, "report.html.tmpl")
	if err != nil {
		return err
	}
	p, err := newPage(run, o)
	if err != nil {
		return err
	}
	return t.Execute(results.PrintableTo(out), p)
}

// title names a run. A results file alone does not say when it was measured.
func title(run *results.Run) string {
	if run.Info.Start.IsZero() {
		return "contend: results of " + filepath.Base(run.Path)
	}
	return "contend: " + run.Info.Preset + " run of " + run.Info.Start.Format("2006-01-02 15:04")
}

func newPage(run *results.Run, options ReportOptions) (page, error) {
	o, command := options.Compare, cmp.Or(options.Command, "contend")
	css, err := assets.ReadFile("report.css")
	if err != nil {
		return page{}, err
	}
	js, err := assets.ReadFile("report.js")
	if err != nil {
		return page{}, err
	}
	p := page{
		Run: run, Title: title(run),
		CSS: template.CSS(css), JS: template.JS(js), // #nosec: our own files
		Floors: results.Certificates(run, o), Promises: promiseTables(run),
		Profiles: run.Info.Profiles, Regimes: regimes(run), Repeat: repeat(run.Info, command),
		Around:  newAmbient(each(run)).sentences(),
		Checked: run.Info.Tool != "" && len(run.Trials) > 0 && !run.Unjournaled,
	}
	if err := p.fillDuet(o); err != nil {
		return p, err
	}
	p.Duration = lasted(run)
	p.fillFailures(command)
	measured := map[[2]string]bool{}
	for _, r := range results.Rows(run.Trials) {
		i := identify(run, r.Cell)
		measured[[2]string{i.contract, i.suite}] = true
	}
	for _, i := range run.Info.Impls {
		if !measured[[2]string{i.Contract, i.Suite}] {
			continue
		}
		if i.Skipped != "" {
			p.Skipped = append(p.Skipped, i)
		}
		if i.Role == "known-broken" {
			p.Known = append(p.Known, i)
		}
	}
	for name, f := range run.Info.Costs {
		p.Costs = append(p.Costs, cost{name, f})
	}
	slices.SortFunc(p.Costs, func(a, b cost) int { return strings.Compare(a.Name, b.Name) })
	return p, p.fillSections(o)
}

func (p *page) fillFailures(command string) {
	for _, r := range p.Run.Rows() {
		if r.Passed() {
			continue
		}
		bad := r.Bad[0]
		f := failure{Name: r.Name(), Status: string(bad.Status), Reason: bad.Reason, Side: r.Side}
		if bad.Detail != "" {
			f.Detail = "failures/" + bad.Detail
			file := results.ShellWord(filepath.Join(p.Run.Path, f.Detail))
			f.Replay = results.ShellWord(command) + " stress --replay " + file
		}
		p.Failures = append(p.Failures, f)
	}
}

// lasted says how long the trials took, without the pauses of a run that was resumed.
// A run without its journal says only when it began and ended.
func lasted(run *results.Run) string {
	var took time.Duration
	for _, t := range run.Trials {
		took += t.Took
	}
	between := run.Info.End.Sub(run.Info.Start)
	switch {
	case took > 0:
		unit := time.Second
		if took < 10*time.Second {
			unit = 10 * time.Millisecond
		}
		return ", " + took.Round(unit).String() + " in total"
	case between > 0:
		return "; the last ended " + between.Round(time.Second).String() + " after the start"
	}
	return ""
}

// regimes says whether the machine had two regimes during the run.
func regimes(run *results.Run) string {
	if !probedTransfers(run) {
		return ""
	}
	near, two := results.ProbeRegime(run.Trials)
	if !two {
		return "Transfers of a cache line between two cores had one speed throughout the run."
	}
	n := 0
	for _, t := range run.Trials {
		if near(t) {
			n++
		}
	}
	return fmt.Sprintf("Transfers of a cache line between two cores had two speeds during the run: "+
		"the faster one when %d trials started, the slower one when %d did.", n, len(run.Trials)-n)
}

func (p *page) fillSections(o results.Options) error {
	type key struct{ point, impl string }
	verdicts := map[key]results.RowVerdict{}
	run := bySide(p.Run)
	judged := results.Verdicts(run, o)
	p.fillWinners(judged)
	for _, v := range judged {
		for _, r := range v.Rows {
			verdicts[key{v.Point, r.Impl}] = r
		}
	}
	all := sections(run, o)
	drawn := charts(run, all, judged, o)
	p.Charts, p.Cut = len(drawn), len(drawn) == maxCharts
	pictures := map[string][]picture{}
	for _, c := range drawn {
		svg, err := c.svg(nil)
		if err != nil {
			return err
		}
		html := template.HTML(inline(svg)) // #nosec: our own drawing, with its texts escaped
		pictures[c.Section] = append(pictures[c.Section], picture{c.Title, c.Caption, html})
	}
	near, _ := results.ProbeRegime(run.Trials)
	for _, s := range all {
		r := reportSection{
			Title: s.title(), Op: s.info.Op, About: s.info.About, Constant: strings.Join(s.constant, ", "),
			Charts: pictures[s.key()], Columns: s.columns(&run.Info),
		}
		for _, row := range s.rows {
			if row.Passed() {
				impl, _ := run.Info.Impl(row.Cell)
				r.Rows = append(r.Rows, s.row(row, r.Columns, impl, verdicts[key{row.Point(), row.Impl}], near))
			}
		}
		p.Sections = append(p.Sections, r)
	}
	return nil
}

// inline drops the XML header of a picture, which an HTML page must not contain.
func inline(svg []byte) string {
	text := string(svg)
	if i := strings.Index(text, "<svg"); i >= 0 {
		text = text[i:]
	}
	return text
}
