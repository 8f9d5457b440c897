package plots_test

import (
	"bytes"
	"fmt"
	"html"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/plots"
	"github.com/contendbench/contend/results"
)

func page(t testing.TB, run *results.Run) string {
	t.Helper()
	var b bytes.Buffer
	if err := plots.Report(run, &b, plots.ReportOptions{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var (
	tag      = regexp.MustCompile(`<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"]|"[^"]*")*)>`)
	embedded = regexp.MustCompile(`(?s)<script>.*?</script>|<style>.*?</style>`)
	resource = regexp.MustCompile(`(?i)(?:\b(?:src|href|srcset|poster|action|data)\s*=\s*["']?|` +
		`url\(\s*["']?|@import\s+["']?)\s*(?:https?:|//)`)
	void = map[string]bool{"meta": true, "link": true, "br": true, "input": true, "img": true, "hr": true}
)

// balance returns an error unless all tags are closed in order.
func balance(text string) error {
	var open []string
	for _, m := range tag.FindAllStringSubmatch(embedded.ReplaceAllString(text, ""), -1) {
		name := strings.ToLower(m[2])
		switch {
		case void[name] || strings.HasSuffix(m[3], "/"):
		case m[1] == "":
			open = append(open, name)
		case len(open) == 0 || open[len(open)-1] != name:
			return fmt.Errorf("</%s> closes %q", name, open)
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return fmt.Errorf("%q are left open", open)
	}
	return nil
}

func TestReportsAreWellFormedAndSelfContained(t *testing.T) {
	for _, h := range hostile {
		t.Run(h.name, func(t *testing.T) {
			text := page(t, h.run(t))
			if err := balance(text); err != nil {
				t.Error(err)
			}
			if !strings.HasPrefix(text, "<!doctype html>") || !strings.HasSuffix(strings.TrimSpace(text), "</html>") {
				t.Error("got a page that is cut short, want a whole one")
			}
			if found := resource.FindString(text); found != "" {
				t.Errorf("references to the network: got %s, want none", found)
			}
			if strings.Contains(text, script) {
				t.Error("got a name of the results as a script, want it escaped")
			}
			if h.name == "no numbers" { // no file has such values, because results.Open rejects them
				return
			}
			shown := embedded.ReplaceAllString(text, "")
			if strings.Contains(shown, "NaN") || strings.Contains(shown, "Inf") {
				t.Error("got NaN or Inf on the page, want only numbers")
			}
		})
	}
}

func TestBalanceFindsErrors(t *testing.T) {
	for text, sound := range map[string]bool{
		"<p><b>x</b></p>": true, "<p>x<br></p>": true, "<p><b>x</p></b>": false, "<p>": false, "</p>": false,
	} {
		if err := balance(text); (err == nil) != sound {
			t.Errorf("%s: got error %v, want sound = %v", text, err, sound)
		}
	}
}

func TestFailuresComeBeforeWinners(t *testing.T) {
	text := page(t, usual.run(t))
	failures, winners := strings.Index(text, "<h2>Failures"), strings.Index(text, "<h2>Who wins")
	if failures < 0 || winners < failures {
		t.Errorf("got failures at %d and winners at %d, want failures first", failures, winners)
	}
	if said := strings.Index(text, "two workers were inside"); said < failures || said > winners {
		t.Errorf("the reason: got position %d, want it between %d and %d", said, failures, winners)
	}
	if strings.Contains(text, "Every row passed") {
		t.Error("got a page that says that every row passed, want none")
	}
}

// One failed trial is enough to hide the row's good trials, too.
func TestAFailedRowShowsNoNumber(t *testing.T) {
	run := usual.run(t)
	bad := 0
	for i := range run.Trials {
		if tr := &run.Trials[i]; tr.Impl == shortName(1) && tr.Status == results.Ok {
			bad++
			for unit := range tr.Values {
				tr.Values[unit] = 7654321
			}
		}
	}
	if bad == 0 {
		t.Fatal("good trials of the row that fails: got none, want some")
	}
	text := page(t, run)
	for _, number := range []string{"7654321", "7.654e", "7.65M", "7.65e", "7.65 ms"} {
		if strings.Contains(text, number) {
			t.Errorf("got %s of a row that failed, want no number", number)
		}
	}
	if strings.Contains(text, `<th scope="row">`+shortName(1)+`</th>`) {
		t.Error("got a row that failed in the table, want none")
	}
}

// poison appends a script with a unique number to every string within v, except in the
// fields in keep.
func poison(v reflect.Value, n *int, keep map[string]bool) {
	switch v.Kind() {
	case reflect.String:
		*n++
		v.SetString(fmt.Sprintf(`%s"'><script>window.fired=%d</script><img src=x onerror=window.fired=1>`, v.String(), *n))
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !keep[f.Name] && f.Type != reflect.TypeFor[time.Time]() {
				poison(v.Field(i), n, keep)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i), n, keep)
		}
	case reflect.Map:
		fresh := reflect.MakeMap(v.Type())
		for _, k := range v.MapKeys() {
			key, value := reflect.New(k.Type()).Elem(), reflect.New(v.Type().Elem()).Elem()
			key.Set(k)
			value.Set(v.MapIndex(k))
			poison(key, n, keep)
			poison(value, n, keep)
			fresh.SetMapIndex(key, value)
		}
		if v.Len() > 0 {
			v.Set(fresh)
		}
	}
}

// poisoned is a run with a script in every field of its files.
func poisoned(t testing.TB) *results.Run {
	t.Helper()
	run := recipe{seed: 4, impls: 4, goroutines: []int{8}, rounds: 9, hist: true, controls: true, fails: true}.run(t)
	run.Problems = []results.Problem{{File: "trials.jsonl", Line: 3, Text: "skipped"}}
	n := 0
	poison(reflect.ValueOf(&run.Info).Elem(), &n, map[string]bool{"Role": true}) // no flaw is shown for an unknown role
	poison(reflect.ValueOf(&run.Problems).Elem(), &n, nil)
	for i := range run.Trials { // a name is the same in all trials of a row
		tr := &run.Trials[i]
		mark := `"'><script>window.fired=0</script><img src=x onerror=window.fired=1>`
		base, again := tr.Unalias()
		tr.Contract, tr.Work, tr.Impl = tr.Contract+mark, tr.Work+mark, base+mark
		if again {
			tr.Cell = tr.Alias()
		}
		tr.Params = []results.Param{{Key: "goroutines", Value: "8"}, {Key: "key" + mark, Value: "value" + mark}}
		tr.Reason, tr.Detail = tr.Reason+mark, tr.Detail+mark
	}
	for i := range run.Info.Impls { // so that their suite is one that the run measured
		run.Info.Impls[i].Contract, run.Info.Impls[i].Suite = run.Trials[0].Contract, ""
	}
	return run
}

// Any field of a run's files may hold anything.
func TestEveryTextOfARunIsEscaped(t *testing.T) {
	text := page(t, poisoned(t))
	if err := balance(text); err != nil {
		t.Error(err)
	}
	if strings.Contains(text, "<script>window.fired") || strings.Count(text, "<script") != 1 {
		t.Error("got a text of the results as a script, want it escaped")
	}
	plain := html.UnescapeString(text)
	for _, shown := range []string{
		"complete", "a processor", "linux", "no server answers", "two workers were inside", "sync.(*Mutex).Lock",
		"precise enough", "skipped", "it does not lock", "loop", "contend v1",
	} {
		if !strings.Contains(plain, shown+`"'><script>window.fired=`) {
			t.Errorf("%q: got it changed or left out, want it as it was written", shown)
		}
	}
}

// The report shows a suite's promises as ticks, with their meanings.
func TestPromisesAreTicks(t *testing.T) {
	run := usual.run(t)
	run.Info.Promises = []results.PromiseInfo{
		{Name: "try", Meaning: `never "blocks" ` + script},
		{Name: "fifo", Meaning: "serves in order"},
		{Name: "unused", Meaning: "is made by none"},
	}
	for i := range run.Info.Impls {
		switch run.Info.Impls[i].Name {
		case shortName(0):
			run.Info.Impls[i].Promises = []string{"fifo", "try"}
		case shortName(2):
			run.Info.Impls[i].Promises = []string{"own " + script}
		case shortName(3):
			run.Info.Impls[i].Promises = nil
		}
	}
	elsewhere := results.ImplInfo{Contract: "mutex", Name: "elsewhere", Promises: []string{"far"}}
	run.Info.Impls = append(run.Info.Impls, elsewhere)
	text := page(t, run)
	if err := balance(text); err != nil {
		t.Error(err)
	}
	_, table, ok := strings.Cut(text, "<h2>What they promise</h2>")
	if !ok {
		t.Fatal("got no table of promises, want one")
	}
	table, _, _ = strings.Cut(table, "</section>")
	if strings.Contains(table, script) {
		t.Error("got a promise as a script, want it escaped")
	}
	plain := html.UnescapeString(table)
	for _, text := range []string{
		`title="never "blocks" ` + script + `">try</th>` +
			`<th title="serves in order">fifo</th><th>own ` + script + `</th></tr>`,
		`<code>lock0</code></td><td>✓</td><td>✓</td><td></td></tr>`,
		`<code>lock1</code></td><td></td><td>✓</td><td></td></tr>`, // it failed, but it makes the promise
		`<code>lock2</code></td><td></td><td></td><td>✓</td></tr>`,
		`<code>lock3</code></td><td></td><td></td><td></td></tr>`,
		`<strong>fifo</strong> serves in order.`,
	} {
		if !strings.Contains(plain, text) {
			t.Errorf("got\n%s\nwant %s in it", plain, text)
		}
	}
	for _, text := range []string{"unused", "elsewhere"} { // a promise that is not made, and a row that did not run
		if strings.Contains(plain, text) {
			t.Errorf("got %s in\n%s\nwant it left out", text, plain)
		}
	}
	for i := range run.Info.Impls {
		run.Info.Impls[i].Promises = nil
	}
	if strings.Contains(page(t, run), "<h2>What they promise") {
		t.Error("without promises: got a table of them, want none")
	}
}

// A link's address comes from the run's files, too.
func TestALinkRunsNothing(t *testing.T) {
	run := usual.run(t)
	run.Info.Profiles[0].File = "javascript:alert(1)"
	if text := page(t, run); strings.Contains(text, `href="javascript:`) {
		t.Error("got a profile's link that runs a script, want it disarmed")
	}
}

// The reference has tables of profiles without their files.
func TestAProfileWithoutAFileHasNoLink(t *testing.T) {
	run := usual.run(t)
	if text := page(t, run); !strings.Contains(text, `<a href="profiles/cpu.pprof">`) {
		t.Error("got no link to a profile, want one")
	}
	run.Info.Profiles[0].File = ""
	text := page(t, run)
	if strings.Contains(text, "pprof") || !strings.Contains(text, "was not\nkept") {
		t.Error("got a link to a profile without a file, want none")
	}
}

func TestNotesSayWhatToKnowBeforeBelievingARow(t *testing.T) {
	tableRow := func(impl string, goroutines int) string {
		t.Helper()
		for _, line := range strings.Split(page(t, usual.run(t)), "\n") {
			if strings.Contains(line, `<th scope="row">`+impl+`</th><td>goroutines=`+fmt.Sprint(goroutines)+`</td>`) {
				return line
			}
		}
		t.Fatalf("got no row of %s at %d goroutines, want one", impl, goroutines)
		return ""
	}
	for _, c := range []struct { // with 2 cores, and at most 3 active workers
		goroutines   int
		over, active bool
	}{{1, false, false}, {2, false, false}, {8, true, true}, {64, true, true}} {
		row := tableRow(shortName(2), c.goroutines)
		if got := strings.Contains(row, "<small>oversubscribed</small>"); got != c.over {
			t.Errorf("%d goroutines: got oversubscribed = %t, want %t", c.goroutines, got, c.over)
		}
		text := fmt.Sprintf("only 3 of %d workers", c.goroutines)
		if got := strings.Contains(row, text); got != c.active {
			t.Errorf("%d goroutines, %q: got %t, want %t", c.goroutines, text, got, c.active)
		}
	}
}

// heap returns the size of the heap, including garbage that was not collected yet.
func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestReportOfTenThousandRowsIsBounded(t *testing.T) {
	const rows, impls = 10_000, 20
	goroutines := make([]int, rows/impls)
	for i := range goroutines {
		goroutines[i] = i + 1
	}
	run := recipe{seed: 5, impls: impls, goroutines: goroutines, rounds: 3}.run(t)
	runtime.GC()
	before := heap()
	peak, stop, stopped := before, make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
				peak = max(peak, heap())
			}
		}
	}()
	start := time.Now()
	text := page(t, run)
	took := time.Since(start)
	close(stop)
	<-stopped
	grown := (peak - before) >> 20
	t.Logf("%d trials, %d MB of HTML, %v, heap grew by %d MB", len(run.Trials), len(text)>>20, took, grown)
	if grown >= 256 {
		t.Errorf("growth of the heap: got %d MB, want less than 256", grown)
	}
	if n := strings.Count(text, `<th scope="row">`); n != rows {
		t.Errorf("rows: got %d, want %d", n, rows)
	}
	if !strings.HasSuffix(strings.TrimSpace(text), "</html>") {
		t.Error("got a page that is cut short, want a whole one")
	}
}
