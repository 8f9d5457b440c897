// Package child runs each trial in a child process. It has the parent's side, which
// starts the child and limits its time, and the child's side.
package child

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/process"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/results"
)

// childEnv tells a process that it runs one trial. The spec is on standard input. The
// result goes to descriptor 3, because libraries print to standard output.
const childEnv = "CONTEND_TRIAL"

// Is reports whether this process was started to run a trial, or to help one. If so, it
// must call Main.
func Is() bool { return os.Getenv(childEnv) != "" || process.IsHelper() }

// Main does what this process was started for and returns the exit status.
func Main(suites []harness.Suite) int {
	if process.IsHelper() {
		return process.Serve(func(request json.RawMessage, h *harness.Helper) error {
			return harness.Help(suites, request, h)
		})
	}
	if _, err := process.Take(childEnv); err != nil {
		fmt.Fprintln(os.Stderr, "contend:", err)
		return 2
	}
	var spec harness.Spec
	if err := json.NewDecoder(os.Stdin).Decode(&spec); err != nil {
		fmt.Fprintf(os.Stderr, "contend: reading the trial's spec, because %s is set: %v\n", childEnv, err)
		return 2
	}
	result := json.NewEncoder(os.NewFile(3, "result"))
	spec.OnWindow = func(s harness.Stressed) error { return result.Encode(started{s.Count, s.Point}) }
	if err := result.Encode(runTrial(suites, spec)); err != nil {
		fmt.Fprintln(os.Stderr, "contend: sending the trial's result:", err)
		return 1
	}
	return 0
}

// runTrial runs the trial that the parent asked for.
func runTrial(suites []harness.Suite, spec harness.Spec) (o Outcome) {
	var err error
	switch {
	case spec.Question != "":
		o.Trial, o.Answer, err = harness.Answer(suites, spec)
	case spec.Stress > 0:
		o.Stressed, err = harness.Stress(context.Background(), suites, spec)
	case spec.Profile != "":
		o.Trial, err = profiled(suites, spec)
	default:
		o.Trial, err = harness.Execute(context.Background(), suites, spec)
	}
	if err != nil {
		o.Text = harness.Detail(err)
		var lacking *impls.EnvironmentError
		if errors.As(err, &lacking) {
			o.Environment = lacking.Err.Error()
		}
		var e harness.WithEvidence
		if errors.As(err, &e) {
			o.Evidence = e.Evidence()
		}
	}
	return o
}

// started is what a child sends at the start of each window of a stress trial. It reads as
// an Outcome without a status. The last one says where a child ended that sends no result.
type started struct {
	Count int          `json:"count"`
	Point results.Cell `json:"point"`
}

// Outcome is the result of a trial in a child process, which always has a status. If the
// status is not Ok, Text is the whole error, with stacks. A child sends it as JSON.
type Outcome struct {
	harness.Stressed
	Text     string            `json:"text,omitempty"`
	Answer   string            `json:"answer,omitempty"`   // to the spec's question
	Evidence map[string][]byte `json:"evidence,omitempty"` // contents of files that show what went wrong, by name
	// Environment says what the machine lacks. Run then returns an error.
	Environment string `json:"environment,omitempty"`
}

// Run runs one trial in a fresh process of executable, which must call Main if Is. A
// child that is not done after limit has to print its goroutines' stacks and is killed.
// Its trial has hung. However the trial ends, all processes that it started end with it.
// On macOS, those that have left its process group stay. The error does not concern the
// implementation: an executable that cannot be started, or an impls.EnvironmentError. If
// ctx ends first, the outcome has only the number of windows and the point of the last.
func Run(ctx context.Context, executable string, spec harness.Spec, limit time.Duration) (Outcome, error) {
	begun := time.Now()
	c, err := start(executable, spec)
	if err != nil {
		return Outcome{}, impls.EnvironmentOf(fmt.Errorf("starting a trial: %w", err), "")
	}
	defer c.close()
	ended := make(chan struct{})
	killer := &killer{cmd: c.cmd, ended: ended}
	go killer.watch(ctx, limit)
	waitErr := process.Wait(c.cmd)
	close(ended)
	process.EndOrphans()
	o, decodeErr := c.finish()
	if ctx.Err() != nil {
		return Outcome{Stressed: harness.Stressed{Count: o.Count, Point: o.Point}}, ctx.Err()
	}
	o.Cell, o.Round, o.Side, o.Seed = spec.Cell, spec.Round, spec.Side, spec.Seed
	switch {
	case killer.timedOut.Load():
		o.Status, o.Reason = results.Hung, o.at(fmt.Sprintf("the trial was not done after %v", limit))
	case waitErr != nil:
		crash := fmt.Errorf("the process ended with %v: %s", waitErr,
			cmp.Or(c.stderr.firstLine(), "nothing on standard error"))
		if err := impls.EnvironmentOf(crash, c.stderr.fatal()); err != crash {
			return Outcome{}, fmt.Errorf("trial of %s: %w", spec.Cell.Name(), err)
		}
		o.Status, o.Reason = results.Crashed, o.at(crash.Error())
	case errors.Is(decodeErr, io.EOF):
		o.Status, o.Reason = results.Crashed, o.at("the process ended with exit status 0 before it sent a result")
	case decodeErr != nil:
		o.Status, o.Reason = results.Crashed, fmt.Sprintf("the process sent no result: %v", decodeErr)
	case o.Environment != "":
		return Outcome{}, fmt.Errorf("trial of %s: %w", spec.Cell.Name(), impls.Environment(errors.New(o.Environment)))
	default:
		return o.without(spec.Endpoints), nil
	}
	o.Values, o.Trial.Windows, o.Hist = nil, nil, ""
	o.Text = c.stderr.String()
	o.Start, o.Took, o.Caught = begun, time.Since(begun), time.Since(begun)
	return o.without(spec.Endpoints), nil
}

// at puts the point of the last window before what happened there, if it is known.
func (o Outcome) at(what string) string {
	if o.Count == 0 {
		return what
	}
	return fmt.Sprintf("at %s, window %d: %s", o.Point.Name(), o.Count, what)
}

// FailureText returns the text of a failure file. Its first line has the spec, to replay
// the trial. The rest says what went wrong.
func FailureText(spec harness.Spec, o Outcome) string {
	spec.Endpoints = nil // they may hold passwords
	line, err := json.Marshal(spec)
	if err != nil { // JSON can encode every Spec
		panic(err)
	}
	text := fmt.Sprintf("%s%s\n%s: %s\n\n%s\n", ReplayMark, line, o.Status, o.Reason, o.Text)
	return results.PrintableLines(text)
}

// ReplayMark is how the file of a failure starts.
const ReplayMark = "replay: "

// ReplaySpec returns the spec in a failure file's text.
func ReplaySpec(text string) (harness.Spec, error) {
	line, ok := strings.CutPrefix(firstLine(text), ReplayMark)
	if !ok {
		return harness.Spec{}, fmt.Errorf("not the file of a failure: its first line does not start with %q", ReplayMark)
	}
	var s harness.Spec
	if err := json.Unmarshal([]byte(line), &s); err != nil {
		return harness.Spec{}, fmt.Errorf("the spec on the first line is damaged: %w", err)
	}
	return s, nil
}
