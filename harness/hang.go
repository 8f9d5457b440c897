package harness

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"reflect"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"github.com/google/pprof/profile"
)

// HangError reports workers that did not return after the window's end.
type HangError struct {
	Role      string
	Stuck, Of int
	Grace     time.Duration
	Places    []Place // where the stuck workers wait, most of them first
	Beside    []Place // where goroutines wait that these workers have started
	While     string  // what the load knows of the subject; see Window.While
	Cause     error   // the failure before the hang, if there was one
	Stacks    string  // of the window's goroutines; equal ones are shown once
}

// Place is where goroutines wait in the implementation.
type Place struct {
	Function   string // such as (*MCS).Lock
	File       string // its last element
	Line       int    // of most of the goroutines
	Goroutines int
}

func (e *HangError) Error() string {
	text := fmt.Sprintf("%d of %d %ss have not returned, and none did for %v", e.Stuck, e.Of, e.Role, e.Grace)
	if len(e.Places) > 0 {
		text += ": " + placesText(e.Places)
	}
	if len(e.Beside) > 0 {
		text += "; of the goroutines that they started, " + placesText(e.Beside)
	}
	if e.While != "" {
		text += ", while " + e.While
	}
	if e.Cause != nil {
		text = fmt.Sprintf("%v; then %s", e.Cause, text)
	}
	return text
}

// maxPlaces limits how many places an error names.
const maxPlaces = 3

func placesText(places []Place) string {
	var parts []string
	for _, p := range places[:min(len(places), maxPlaces)] {
		parts = append(parts, fmt.Sprintf("%d wait in %s, %s:%d", p.Goroutines, p.Function, p.File, p.Line))
	}
	if more := len(places) - maxPlaces; more > 0 {
		parts = append(parts, fmt.Sprintf("the others wait in %d more places", more))
	}
	return strings.Join(parts, "; ")
}

// Unwrap returns the failure before the hang.
func (e *HangError) Unwrap() error { return e.Cause }

// hang returns the error of a role if none of its workers returned in the grace time.
func (w *Window) hang(r *role, stuck int, grace time.Duration) *HangError {
	all := goroutines()
	e := &HangError{
		Role: r.name, Stuck: stuck, Of: len(r.workers), Grace: grace, Cause: w.cause(), Stacks: w.stacksText(all),
	}
	e.Places, e.Beside = r.places(all)
	if w.while != nil {
		e.While = w.while()
	}
	return e
}

// labelKey is the key of the label by which a profile finds the goroutines of a role.
const labelKey = "contend-role"

func (r *role) label() string { return fmt.Sprintf("%p", r) }

// labelled returns a context with the role's label. A goroutine inherits the label from
// the one that starts it.
func (r *role) labelled() context.Context {
	return pprof.WithLabels(r.window.context, pprof.Labels(labelKey, r.label()))
}

// places groups the role's goroutines by where they are in the implementation: its
// workers, and the goroutines that these have started.
func (r *role) places(all []*profile.Sample) (workers, beside []Place) {
	body := runtime.FuncForPC(reflect.ValueOf(r.body).Pointer()).Name()
	ofWorkers, ofOthers := map[Place]int{}, map[Place]int{}
	for _, sample := range all {
		if !slices.Contains(sample.Label[labelKey], r.label()) {
			continue
		}
		frames := framesOf(sample)
		at := inImplementation(frames, body)
		place := Place{Function: shortName(at.Function), File: path.Base(at.File), Line: at.Line}
		if slices.ContainsFunc(frames, func(f runtime.Frame) bool { return f.Function == startFunction }) {
			ofWorkers[place] += int(sample.Value[0])
		} else {
			ofOthers[place] += int(sample.Value[0])
		}
	}
	return byFunction(ofWorkers), byFunction(ofOthers)
}

// startFunction is at the bottom of every worker's stack.
const startFunction = module + "harness.(*role).work"

// byFunction adds up the places of each function, and keeps the line of most.
func byFunction(count map[Place]int) (all []Place) {
	byCount := func(a, b Place) int {
		return cmp.Or(cmp.Compare(b.Goroutines, a.Goroutines), cmp.Compare(a.Function, b.Function),
			cmp.Compare(a.Line, b.Line))
	}
	for p, n := range count {
		p.Goroutines = n
		all = append(all, p)
	}
	slices.SortFunc(all, byCount)
	var merged []Place
	for _, p := range all {
		i := slices.IndexFunc(merged, func(m Place) bool { return m.Function == p.Function })
		if i < 0 {
			merged = append(merged, p)
			continue
		}
		merged[i].Goroutines += p.Goroutines
	}
	slices.SortFunc(merged, byCount)
	return merged
}

// inImplementation returns the frame of a stack that says where the goroutine is: the
// innermost frame of the implementation, or the call into the standard library if that is
// the implementation. If the load itself waits, it is the load's. body is a function of
// the load.
func inImplementation(stack []runtime.Frame, body string) runtime.Frame {
	for i, f := range stack {
		ofLoad := f.Function == body || isLoad(f.Function)
		switch {
		case ofLoad && i > 0 && !strings.HasPrefix(stack[i-1].Function, "runtime."):
			return stack[i-1]
		case ofLoad, !isMeans(f.Function):
			return f
		}
	}
	return stack[len(stack)-1]
}

const module = "github.com/contendbench/contend/"

// isLoad reports whether a function is of the harness or of its workloads.
func isLoad(function string) bool {
	return strings.HasPrefix(function, module+"harness.") || strings.HasPrefix(function, module+"harness/") ||
		strings.HasPrefix(function, module+"workloads/")
}

// isMeans reports whether a function is one by which implementations wait.
func isMeans(function string) bool {
	return isStandard(function) || strings.HasPrefix(function, module+"impls/cpu.")
}

// isStandard reports whether a function is of the standard library: no element of its
// packages' paths has a dot.
func isStandard(function string) bool {
	first, _, _ := strings.Cut(function, "/")
	if first == function { // "sync.(*Mutex).Lock", or "main.main"
		return !strings.HasPrefix(function, "main.")
	}
	return !strings.Contains(first, ".")
}

// shortName returns a function's name without its package. Those of the standard library
// keep it.
func shortName(function string) string {
	standard := isStandard(function)
	if i := strings.Index(function, "["); i >= 0 { // type arguments may have slashes
		rest := function[i:]
		function = function[:i] + rest[strings.LastIndex(rest, "]")+1:]
	}
	function = path.Base(function)
	if _, name, ok := strings.Cut(function, "."); ok && !standard {
		return name
	}
	return function
}

// Detail returns the text of an error, with the stacks if it is a hang.
func Detail(err error) string {
	text := err.Error()
	var hang *HangError
	if errors.As(err, &hang) {
		text += "\n\n" + hang.Stacks
	}
	return text
}
