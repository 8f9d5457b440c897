package harness

import (
	"bytes"
	"cmp"
	"fmt"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"

	"github.com/google/pprof/profile"
)

// goroutines returns the stacks of all goroutines. Equal ones are one sample.
func goroutines() []*profile.Sample {
	var text bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&text, 0); err != nil { // a buffer takes everything
		panic(err)
	}
	p, err := profile.Parse(&text)
	if err != nil { // the runtime wrote it
		panic(err)
	}
	return p.Sample
}

// stacksText returns the stacks of the window's goroutines, and of those without a window.
// Stacks of other windows, which may have left goroutines behind, are only counted.
func (w *Window) stacksText(all []*profile.Sample) string {
	label, labelled := pprof.Label(w.context, ReplayEnv)
	var text strings.Builder
	var others int64
	slices.SortStableFunc(all, func(a, b *profile.Sample) int { return cmp.Compare(b.Value[0], a.Value[0]) })
	for _, sample := range all {
		n := sample.Value[0]
		if of := sample.Label[ReplayEnv]; labelled && len(of) > 0 && of[0] != label {
			others += n
			continue
		}
		fmt.Fprintf(&text, "%d %s:\n", n, plural(n, "goroutine"))
		for _, f := range framesOf(sample) {
			fmt.Fprintf(&text, "%s\n\t%s:%d\n", f.Function, f.File, f.Line)
		}
		text.WriteByte('\n')
	}
	if others > 0 {
		fmt.Fprintf(&text, "%d %s of earlier windows\n", others, plural(others, "goroutine"))
	}
	return text.String()
}

func plural(n int64, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

// framesOf returns the frames of a stack, the innermost first.
func framesOf(sample *profile.Sample) (frames []runtime.Frame) {
	for _, location := range sample.Location {
		for _, line := range location.Line {
			if f := line.Function; f != nil {
				frames = append(frames, runtime.Frame{Function: f.Name, File: f.Filename, Line: int(line.Line)})
			}
		}
	}
	return frames
}

// stack returns the stack of the caller.
func stack() string {
	buf := make([]byte, 8<<10)
	return string(buf[:runtime.Stack(buf, false)])
}
