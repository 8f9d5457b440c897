package results

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// decoded returns the text of a results file: without a byte-order mark, and from UTF-16
// if it is that.
func decoded(in io.Reader) io.Reader {
	b := bufio.NewReader(in)
	var d transform.Transformer = encoding.Nop.NewDecoder()
	if head, err := b.Peek(2); err == nil { // UTF-16 without a mark has a zero in one of its first two bytes
		switch {
		case head[1] == 0 && head[0] != 0:
			d = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder()
		case head[0] == 0 && head[1] != 0:
			d = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder()
		case head[0] < utf8.RuneSelf: // no mark
			return b
		}
	}
	return transform.NewReader(b, unicode.BOMOverride(d))
}

// event is a line of go test -json.
type event struct {
	Action     string
	Package    string
	ImportPath string // of a build
	Output     string
}

// events matches the start of an event, which output of the build may precede.
var events = regexp.MustCompile(`(?m)^\s*\{.*"Action":`)

// maxPreamble is how much output, such as that of downloads, may precede the first event.
const maxPreamble = 1 << 20

// printed returns what go test printed. If in holds the events of go test -json, it joins
// the output of each package.
func printed(in io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(in, maxPreamble)
	head, err := b.Peek(maxPreamble)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if !events.Match(head) {
		return b, nil
	}
	outputs := map[string]*bytes.Buffer{}
	var packages []string
	for {
		line, err := readLine(b)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, errLong) {
			return nil, err
		}
		var e event
		if json.Unmarshal(line, &e) != nil { // what go prints beside the events
			e = event{Output: string(line) + "\n"}
		}
		name := e.Package + e.ImportPath
		if outputs[name] == nil {
			outputs[name] = &bytes.Buffer{}
			packages = append(packages, name)
		}
		outputs[name].WriteString(e.Output)
		if errors.Is(err, io.EOF) {
			break
		}
	}
	var all []io.Reader
	for _, name := range packages {
		all = append(all, outputs[name])
	}
	return io.MultiReader(all...), nil
}

// maxText is how long a line may be for the reader of the benchmark format.
const maxText = 60 << 10

// lines passes a text on, one line in each Read, so that the line that was last read is
// the one that its reader is at. It leaves lines that are too long empty.
type lines struct {
	in   *bufio.Reader
	see  func(n int, line []byte) // is called with every line, from 1
	long func(n int)
	n    int
	line []byte // the last one
	rest []byte // of it, with its newline
	err  error
}

// Read returns a line or the rest of one.
func (l *lines) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		if l.err != nil {
			return 0, l.err
		}
		l.next()
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

func (l *lines) next() {
	line, err := readLine(l.in)
	l.n++
	if errors.Is(err, errLong) || len(line) > maxText {
		l.long(l.n)
		line = nil
		if errors.Is(err, errLong) {
			err = nil
		}
	}
	line = printableLine(line)
	l.err = err
	if err != nil && len(line) == 0 {
		l.line, l.rest = nil, nil
		return
	}
	l.line = line
	l.see(l.n, line)
	l.rest = append(line, '\n')
}

var errWide = fmt.Errorf("the line is longer than %d bytes", maxText)
