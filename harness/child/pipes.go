package child

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/harness/process"
)

const (
	// maxResult limits each message of a child, in bytes.
	maxResult = 64 << 20
	// drainTime is how long the parent reads what a child sent before it ended. A process
	// that the child has left behind may keep a pipe open forever.
	drainTime = 2 * time.Second
)

// running is a child process, with what it sends.
type running struct {
	cmd    *exec.Cmd
	stderr *prefixBuffer
	pipes  []*os.File // the parent's ends, for the result and for standard error

	outcome Outcome
	decoded chan error // has one value after the result was read
	copied  chan error // and one after standard error was
}

// start starts a child and sends it the spec.
func start(executable string, spec harness.Spec) (child *running, err error) {
	input, err := json.Marshal(spec)
	if err != nil {
		return nil, err
	}
	if err := process.Adopt(); err != nil {
		return nil, err
	}
	c := &running{
		cmd: exec.Command(executable), stderr: &prefixBuffer{limit: maxOutput},
		decoded: make(chan error, 1), copied: make(chan error, 1),
	}
	var ends []*os.File // the child's
	defer func() {
		for _, f := range ends {
			f.Close()
		}
		if err != nil {
			c.close()
		}
	}()
	for range 2 {
		read, write, err := os.Pipe()
		if err != nil {
			return nil, err
		}
		c.pipes, ends = append(c.pipes, read), append(ends, write)
	}
	c.cmd.Env = environment()
	c.cmd.Stdin = bytes.NewReader(input)
	c.cmd.WaitDelay = drainTime
	c.cmd.ExtraFiles, c.cmd.Stderr = ends[:1], ends[1]
	c.cmd.SysProcAttr = process.OwnGroup()
	if err := process.Start(c.cmd); err != nil {
		return nil, err
	}
	go func() { c.decoded <- c.decode() }()
	go func() {
		_, err := io.Copy(c.stderr, c.pipes[1])
		c.copied <- err
	}()
	return c, nil
}

// decode reads what the child sends until that is its outcome. Without one, the start of
// its last window remains.
func (c *running) decode() error {
	in := &io.LimitedReader{R: c.pipes[0]}
	for d := json.NewDecoder(in); c.outcome.Status == ""; {
		in.N = maxResult
		var next Outcome
		if err := d.Decode(&next); err != nil {
			return err
		}
		c.outcome = next
	}
	return nil
}

// finish returns the result of a child that has ended.
func (c *running) finish() (Outcome, error) {
	var errs []error
	for _, pipe := range c.pipes {
		errs = append(errs, pipe.SetReadDeadline(time.Now().Add(drainTime)))
	}
	if err := errors.Join(errs...); err != nil { // without a deadline, reading might not end
		return Outcome{}, err
	}
	err := <-c.decoded
	<-c.copied // what is missing of standard error is no error of the trial
	return c.outcome, err
}

func (c *running) close() {
	for _, pipe := range c.pipes {
		pipe.Close()
	}
}
