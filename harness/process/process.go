package process

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/contendbench/contend/impls"
)

// process is a process of a trial. It implements impls.Process.
type process struct {
	host    *Processes
	program impls.Program
	log     string

	cmd     *exec.Cmd
	in      io.Closer // an Entry's standard input: closing it asks the process to end
	ended   chan struct{}
	err     error // of its exit, after it has ended
	message json.RawMessage
}

// readyTime limits the time until a process is ready.
const readyTime = 30 * time.Second

// stopTime is how long a process may take to end after it is asked to.
const stopTime = 5 * time.Second

// Restart starts the program again, after it has ended.
func (p *process) Restart(ctx context.Context) error {
	if p.running() {
		return fmt.Errorf("starting %s: it is running", p.program.Name)
	}
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	var err error
	if p.program.Entry != "" {
		err = p.startEntry(ctx)
	} else {
		err = p.startOther(ctx)
	}
	if err != nil {
		log := p.tail()
		return impls.EnvironmentOf(fmt.Errorf("starting %s: %w\n%s", p.program.Name, err, log), string(log))
	}
	return nil
}

// launch starts cmd with its output in the log, and waits for its end in the background.
func (p *process) launch(cmd *exec.Cmd) error {
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Dir = p.host.dir
	cmd.SysProcAttr = OwnGroup()
	if err := Start(cmd); err != nil {
		return err
	}
	p.host.reaper.started(cmd.Process.Pid)
	ended := make(chan struct{})
	p.cmd, p.ended = cmd, ended
	go func() {
		p.err = Wait(cmd)
		p.host.reaper.gone(cmd.Process.Pid)
		close(ended)
	}()
	return nil
}

// startEntry starts this executable to run a function, and waits until the function is
// ready.
func (p *process) startEntry(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	args, err := json.Marshal(p.program.Args)
	if err != nil {
		return err
	}
	request, err := p.host.o.Request(p.program.Entry, args)
	if err != nil {
		return err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	cmd := exec.Command(self)
	cmd.Env = append(p.host.environment(), helperEnv+"=1")
	cmd.ExtraFiles = []*os.File{write}
	in, err := cmd.StdinPipe()
	if err == nil {
		err = p.launch(cmd)
	}
	write.Close()
	if err != nil {
		read.Close()
		return err
	}
	p.in = in
	if _, err := in.Write(append(request, '\n')); err != nil {
		return err
	}
	reported := make(chan error, 1)
	go func() {
		defer read.Close()
		reported <- json.NewDecoder(read).Decode(&p.message)
	}()
	select {
	case err := <-reported:
		if err != nil {
			return fmt.Errorf("it ended before it was ready: %w", err)
		}
		return nil
	case <-ctx.Done():
		return errors.Join(ctx.Err(), p.Kill())
	}
}

// startOther starts another executable, and waits until it is ready.
func (p *process) startOther(ctx context.Context) error {
	cmd := exec.Command(p.program.Path, p.program.Argv...)
	cmd.Env = append(p.host.environment(), p.program.Env...)
	if err := p.launch(cmd); err != nil {
		return err
	}
	for {
		err := p.program.Ready(ctx)
		if err == nil && p.running() {
			return nil
		}
		select {
		case <-p.ended:
			if err == nil {
				err = errors.New("another server answers in its place")
			}
			return fmt.Errorf("it ended before it was ready: %w", errors.Join(p.err, err))
		case <-ctx.Done():
			return errors.Join(err, p.Kill())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func (p *process) running() bool {
	if p.ended == nil {
		return false
	}
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// tail returns the end of the log.
func (p *process) tail() []byte {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return []byte(err.Error())
	}
	return bytes.TrimSpace(text[max(len(text)-logTail, 0):])
}

// Pid returns the process's ID.
func (p *process) Pid() int { return p.cmd.Process.Pid }

// Message returns what an Entry reported when it was ready.
func (p *process) Message() json.RawMessage { return p.message }

// Kill kills the process and the processes that it started.
func (p *process) Kill() error {
	// One that is just ending of itself is gone, too.
	if err := p.signal(syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	<-p.ended
	return nil
}

// Pause stops the process with SIGSTOP, and returns after it has stopped.
func (p *process) Pause() error {
	if err := p.signal(syscall.SIGSTOP); err != nil {
		return err
	}
	return awaitStopped(p.Pid())
}

// Resume continues a paused process.
func (p *process) Resume() error { return p.signal(syscall.SIGCONT) }

// signal sends s to the process and to the processes that it started.
func (p *process) signal(s syscall.Signal) error {
	if !p.running() {
		return fmt.Errorf("sending %v to %s: %w", s, p.program.Name, os.ErrProcessDone)
	}
	if err := syscall.Kill(-p.Pid(), s); err != nil {
		return fmt.Errorf("sending %v to %s: %w", s, p.program.Name, err)
	}
	return nil
}

// Stop asks the process to end, and kills it if it does not end in time.
func (p *process) Stop() error {
	if !p.running() {
		return p.err
	}
	ask := func() error { return p.signal(syscall.SIGTERM) }
	if p.in != nil {
		ask = p.in.Close
	}
	if err := ask(); err != nil {
		return err
	}
	select {
	case <-p.ended:
		return p.err
	case <-time.After(stopTime):
		return errors.Join(fmt.Errorf("stopping %s: it still runs after %v", p.program.Name, stopTime), p.Kill())
	}
}
