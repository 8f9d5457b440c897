package cli

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/results"
)

// plainEvery is the time between two lines of progress where there is no terminal.
const plainEvery = 10 * time.Second

// progress shows how far a run is. On a terminal it rewrites one line, and elsewhere it
// prints lines.
type progress struct {
	out      io.Writer
	terminal bool
	last     time.Time
	shown    bool
}

func newProgress(out io.Writer) *progress {
	if s, ok := out.(screen); ok {
		out = s.file // its line moves the cursor
	}
	f, ok := out.(*os.File)
	return &progress{out: out, terminal: ok && term.IsTerminal(int(f.Fd())), last: time.Now()}
}

// screen is where the command prints. It makes all text printable, since names, files and
// errors may hold what a terminal acts on.
type screen struct {
	io.Writer
	file io.Writer
}

func newScreen(file io.Writer) screen { return screen{results.PrintableTo(file), file} }

func (p *progress) show(s rounds.Progress) {
	most := ""
	if s.AtMost {
		most = "at most "
	}
	line := fmt.Sprintf("round %d of %s%d, trial %d of %s%d, %s%v left",
		s.Round, most, s.Rounds, s.Done, most, s.Total, most, s.Left.Round(time.Second))
	if p.terminal {
		fmt.Fprintf(p.out, "\r\033[K%s  %s", line, results.Printable(s.Trial.Name()))
		p.shown = true
		return
	}
	if now := time.Now(); now.Sub(p.last) >= plainEvery || s.Done == s.Total {
		fmt.Fprintln(p.out, line)
		p.last = now
	}
}

func (p *progress) end() {
	if p.shown {
		fmt.Fprintln(p.out)
	}
}
