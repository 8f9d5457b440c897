package plots_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/contendbench/contend/results"
)

// findChromium returns the browser's path. It skips the test if there is no browser.
func findChromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no browser: install chromium to test the report in one")
	return ""
}

// openReport opens a run's report in a fresh browser. The function that it returns yields
// what the page wrote to its console.
func openReport(t *testing.T, run *results.Run) (ctx context.Context, complaints func() []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(page(t, run)), 0o644); err != nil {
		t.Fatal(err)
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(findChromium(t)), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true),
	)
	ctx, cancel := context.WithTimeout(t.Context(), 35*time.Second)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	messages := make(chan string, 100)
	listening := chromedp.Console(ctx) // started before the page, so that it misses nothing
	go func() {
		for m, err := range listening {
			if err != nil {
				return
			}
			if m.IsException() || m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleWarning {
				messages <- m.String()
			}
		}
	}()
	if err := chromedp.Do(ctx, chromedp.Navigate("file://"+file)); err != nil {
		t.Fatal(err)
	}
	return ctx, func() (out []string) {
		for {
			select {
			case m := <-messages:
				out = append(out, m)
			case <-time.After(300 * time.Millisecond):
				return out
			}
		}
	}
}

// evaluate returns what a script on the page says.
func evaluate[T any](ctx context.Context, t *testing.T, script string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return v
}

func do(ctx context.Context, t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func TestTheReportWorksInChromium(t *testing.T) {
	ctx, complaints := openReport(t, usual.run(t))
	t.Run("sort", func(t *testing.T) { sortsByAHeader(ctx, t) })
	t.Run("filter", func(t *testing.T) { filtersRows(ctx, t) })
	t.Run("width", func(t *testing.T) { fitsTheWindow(ctx, t) })
	const probe = "the listener hears this"
	do(ctx, t, chromedp.Evaluate[chromedp.Void](`console.error("`+probe+`")`))
	if said := complaints(); len(said) != 1 || !strings.Contains(said[0], probe) {
		t.Errorf("console: got %q, want only %q", said, probe)
	}
}

// A script in any field of a run's files does not fire.
func TestNoScriptOfARunFires(t *testing.T) {
	run := poisoned(t)
	run.Info.Profiles = append(run.Info.Profiles, results.ProfileInfo{Kind: "cpu", File: "javascript:window.fired=1"})
	ctx, _ := openReport(t, run)
	do(ctx, t, chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach(d => d.open = true);
		document.querySelectorAll("main a[href^=javascript]").forEach(a => a.click())`))
	if fired := evaluate[bool](ctx, t, `window.fired !== undefined`); fired {
		t.Error("got a script of the run's files that fired, want none")
	}
	if !evaluate[bool](ctx, t, `document.body.textContent.includes("window.fired")`) {
		t.Error("got a page without the texts, want them shown")
	}
}

func sortsByAHeader(ctx context.Context, t *testing.T) {
	const header = "table.rows thead th:nth-child(3)"
	const keys = `[...document.querySelectorAll("table.rows tbody tr")].map(r => r.cells[2].dataset.sort)`
	const state = `document.querySelector("` + header + `").getAttribute("aria-sort")`
	for _, want := range []string{"ascending", "descending"} {
		do(ctx, t, chromedp.Click(chromedp.CSS(header+" button")))
		if got := evaluate[string](ctx, t, state); got != want {
			t.Errorf("aria-sort: got %q, want %q", got, want)
		}
		var numbers []float64
		for _, text := range evaluate[[]string](ctx, t, keys) {
			v, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatalf("sort key of a cell: got %q, want a number", text)
			}
			numbers = append(numbers, v)
		}
		if want == "descending" {
			slices.Reverse(numbers)
		}
		if len(numbers) != 20 || !slices.IsSorted(numbers) { // five implementations at four points
			t.Errorf("%s: got %d rows in the order %v, want 20 sorted", want, len(numbers), numbers)
		}
	}
	do(ctx, t, chromedp.Click(chromedp.CSS("table.rows thead th:nth-child(1) button")))
	if n := evaluate[int](ctx, t, `document.querySelectorAll("table.rows [aria-sort]").length`); n != 1 {
		t.Errorf("sorted headers: got %d, want 1", n)
	}
}

func filtersRows(ctx context.Context, t *testing.T) {
	const names = `[...document.querySelectorAll("table.rows tbody tr")].filter(r => r.offsetParent !== null)
		.map(r => r.cells[0].textContent + " " + r.cells[1].textContent)`
	do(ctx, t, chromedp.SendKeys(chromedp.CSS("input.filter"), "LOCK2 goroutines=8"))
	if got := evaluate[[]string](ctx, t, names); len(got) != 1 || !strings.HasPrefix(got[0], "lock2 goroutines=8") {
		t.Errorf("filtered rows: got %q, want one of lock2 at goroutines=8", got)
	}
	do(ctx, t, chromedp.SendKeys(chromedp.CSS("input.filter"), "xyz"))
	if got := evaluate[[]string](ctx, t, names); len(got) != 0 {
		t.Errorf("rows of a filter that nothing matches: got %q, want none", got)
	}
	const clear = `{ const i = document.querySelector("input.filter"); i.value = ""; ` +
		`i.dispatchEvent(new Event("input")) }`
	do(ctx, t, chromedp.Evaluate[chromedp.Void](clear))
	if got := evaluate[[]string](ctx, t, names); len(got) != 20 {
		t.Errorf("rows without a filter: got %d, want 20", len(got))
	}
}

func fitsTheWindow(ctx context.Context, t *testing.T) {
	for _, width := range []int64{400, 1280} {
		do(ctx, t, chromedp.EmulateViewport(width, 900))
		inner := evaluate[int64](ctx, t, "window.innerWidth")
		wide := evaluate[int64](ctx, t, "document.documentElement.scrollWidth")
		if inner != width || wide > inner {
			t.Errorf("window of %d pixels: got %d, with a page of %d, want the page to fit", width, inner, wide)
		}
	}
}
