package results

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// watch looks at the lines that the benchmark format ignores: what go test says of
// failures, and results that other output has torn.
type watch struct {
	file     string
	problems []Problem
	panicked int // index of a panic whose benchmark is not known yet; -1: none
}

var (
	// torn is a result that does not start its line.
	tornResult = regexp.MustCompile(`^.+?(Benchmark\S*)\s+\d+\s+[-+.\w]+ \S+/\S+`)
	// frame is a benchmark in a stack trace.
	frame = regexp.MustCompile(`\.(Benchmark\w*)[.(]`)
	// failure is a line of go test about a benchmark or a package that failed.
	failure   = regexp.MustCompile(`--- FAIL: (\S+)|^FAIL\s+(\S.*)|^(\*\*\* Test killed.*|signal: .+)`)
	panicking = regexp.MustCompile(`(?:^|\s)((?:panic|fatal error): .*)`)
)

// marks are what every line holds that watch has something to say of.
var marks = [][]byte{
	[]byte("panic: "), []byte("fatal error: "), []byte("--- FAIL: "), []byte("FAIL"), []byte("*** Test killed"),
	[]byte("signal: "),
}

// plain reports whether there is nothing to say of a line, as of most results.
func (w *watch) plain(line []byte) bool {
	if w.panicked >= 0 {
		return false
	}
	if !bytes.HasPrefix(line, []byte("Benchmark")) && bytes.Contains(line, []byte("Benchmark")) {
		return false
	}
	return !slices.ContainsFunc(marks, func(mark []byte) bool { return bytes.Contains(line, mark) })
}

func (w *watch) see(n int, line []byte) {
	if w.plain(line) {
		return
	}
	text := strings.TrimRight(string(line), "\r")
	name := ""
	if strings.HasPrefix(text, "Benchmark") {
		name = strings.Fields(text)[0]
	}
	if m := panicking.FindStringSubmatch(text); m != nil && (name != "" || strings.HasPrefix(text, m[1])) {
		w.add(n, name, m[1])
		if name == "" {
			w.panicked = len(w.problems) - 1
		}
		return
	}
	if m := failure.FindStringSubmatch(text); m != nil {
		w.panicked = -1
		w.add(n, m[1], strings.ReplaceAll(strings.TrimSpace(m[0]), "\t", " "))
		return
	}
	if m := frame.FindStringSubmatch(text); m != nil && w.panicked >= 0 {
		w.problems[w.panicked].Bench = m[1]
		w.panicked = -1
		return
	}
	if m := tornResult.FindStringSubmatch(text); m != nil && name == "" {
		w.problems = append(w.problems, Problem{
			File: w.file, Line: n, Bench: m[1], Text: "skipped: the result follows other output on its line",
		})
	}
}

func (w *watch) add(n int, bench, text string) {
	w.problems = append(w.problems, Problem{File: w.file, Line: n, Bench: bench, Text: text, Failure: true})
}
