package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/contendbench/contend/results"
)

// childEnv tells a process that it is one trial: its spec stands on standard input, its result goes to
// descriptor 3, because libraries print on standard output.
const childEnv = "CONTEND_TRIAL"

// IsChild reports whether this process was started by the harness: to run one trial, or to serve one.
func IsChild() bool {
	return os.Getenv(childEnv) != "" || os.Getenv(peerEnv) != "" || os.Getenv(guardEnv) != ""
}

// Child does what this process was started for and returns the exit status.
func Child(rows []Row) int {
	switch { // what a trial starts has the trial's environment, too
	case os.Getenv(guardEnv) != "":
		return runGuard()
	case os.Getenv(peerEnv) != "":
		return runPeer(rows)
	}
	return runTrial(rows)
}

// runTrial runs the trial that the parent asked for.
func runTrial(rows []Row) int {
	var spec Spec
	if err := json.NewDecoder(os.Stdin).Decode(&spec); err != nil {
		fmt.Fprintln(os.Stderr, "contend: reading the trial's spec:", err)
		return 2
	}
	out := os.NewFile(3, "result")
	var r Outcome
	var err error
	switch {
	case spec.Stress > 0:
		r.Stressed, err = Stress(context.Background(), rows, spec)
	case spec.Profile != "":
		r.Trial, err = profiled(rows, spec)
	default:
		r.Trial, err = Execute(context.Background(), rows, spec)
	}
	if err != nil {
		r.Text = fullText(err)
		var e evident
		if errors.As(err, &e) {
			r.Evidence = e.Evidence()
		}
	}
	if err := json.NewEncoder(out).Encode(r); err != nil {
		fmt.Fprintln(os.Stderr, "contend: sending the trial's result:", err)
		return 1
	}
	return 0
}

// Outcome is what came of a trial in a child process: the trial, always with a status, and behind a status
// that is not Ok the error at full length, with stacks. A child sends it as JSON.
type Outcome struct {
	Stressed
	Text     string            `json:"text,omitempty"`
	Evidence map[string][]byte `json:"evidence,omitempty"` // files that show what went wrong, by their names
}

// evident is an error with files that show what went wrong, such as the page of a history.
type evident interface{ Evidence() map[string][]byte }

// Run runs one trial in a fresh process of executable, which must call Child when IsChild. A child that
// is not done after limit is asked for its goroutines' stacks and killed; the trial has then hung. The
// error is of this process alone, such as an executable that cannot be started.
func Run(ctx context.Context, executable string, spec Spec, limit time.Duration) (Outcome, error) {
	start := time.Now()
	input, err := json.Marshal(spec)
	if err != nil {
		return Outcome{}, err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return Outcome{}, fmt.Errorf("starting a trial: %w", err)
	}
	defer read.Close()
	stderr := &head{limit: stackLimit}
	cmd := exec.Command(executable)
	cmd.Env = append(os.Environ(), childEnv+"=1", "GOTRACEBACK=all")
	cmd.Stdin = bytes.NewReader(input)
	cmd.Stderr = stderr
	cmd.ExtraFiles = []*os.File{write}
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		write.Close()
		return Outcome{}, fmt.Errorf("starting a trial: %w", err)
	}
	write.Close()
	ended := make(chan struct{})
	killer := &killer{cmd: cmd, ended: ended}
	go killer.watch(ctx, limit)

	var o Outcome
	decodeErr := json.NewDecoder(io.LimitReader(read, 64<<20)).Decode(&o)
	waitErr := cmd.Wait()
	close(ended)
	if ctx.Err() != nil {
		return Outcome{}, ctx.Err()
	}
	o.Cell, o.Round, o.Side, o.Seed = spec.Cell, spec.Round, spec.Side, spec.Seed
	switch {
	case killer.timedOut.Load():
		o.Status, o.Reason = results.Hung, fmt.Sprintf("the trial was not done after %v", limit)
	case waitErr != nil:
		o.Status, o.Reason = results.Crashed, fmt.Sprintf("the process ended with %v: %s", waitErr, stderr.firstLine())
	case decodeErr != nil:
		o.Status, o.Reason = results.Crashed, fmt.Sprintf("the process sent no result: %v", decodeErr)
	default:
		return o, nil
	}
	o.Values, o.Windows, o.Hist = nil, nil, ""
	o.Text = stderr.String()
	o.Start, o.Took, o.Caught = start, time.Since(start), time.Since(start)
	return o, nil
}

// FailureText is what is kept of a trial that went wrong: the spec that replays it on the first line,
// and all that is known.
func FailureText(spec Spec, o Outcome) string {
	line, err := json.Marshal(spec)
	if err != nil { // a Spec holds nothing that JSON cannot
		panic(err)
	}
	return fmt.Sprintf("%s%s\n%s: %s\n\n%s\n", replayMark, line, o.Status, o.Reason, o.Text)
}

const replayMark = "replay: "

// ReplaySpec reads the spec back from a failure's text.
func ReplaySpec(text string) (Spec, error) {
	line, ok := strings.CutPrefix(firstLine(text), replayMark)
	if !ok {
		return Spec{}, fmt.Errorf("not a failure's file: its first line does not begin with %q", replayMark)
	}
	var s Spec
	if err := json.Unmarshal([]byte(line), &s); err != nil {
		return Spec{}, fmt.Errorf("the spec on the first line is damaged: %w", err)
	}
	return s, nil
}
