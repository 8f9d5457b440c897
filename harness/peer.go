package harness

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/contendbench/contend/results"
)

// peerEnv tells a process that it runs one function for a trial: a server, or a worker that can be killed. What to run stands on the
// first line of standard input, whose end asks it to end; what it says goes to descriptor 3.
const peerEnv = "CONTEND_PEER"

// Peer is a process that a trial started, as its own function sees it.
type Peer struct {
	// Context ends when the process is asked to end, or when the trial is gone.
	Context context.Context
	out     *json.Encoder
}

// Entry is a function that a trial may run in a process of its own, by impls.Host. The error ends the process with a status that
// is not 0, and stands in its log.
type Entry[C any] func(p *Peer, subject C, args json.RawMessage) error

// Ready says that the process is ready, with a message for the trial, such as the address that it listens at. An Entry calls it once.
func (p *Peer) Ready(message any) error {
	if err := p.out.Encode(message); err != nil {
		return fmt.Errorf("telling the trial that this process is ready: %w", err)
	}
	return nil
}

type peerSpec struct {
	Cell  results.Cell    `json:"cell"`
	Entry string          `json:"entry"`
	Args  json.RawMessage `json:"args"`
}

// runPeer runs the function that the trial asked for and returns the exit status.
func runPeer(rows []Row) int {
	in := bufio.NewReader(os.Stdin)
	var spec peerSpec
	line, err := in.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &spec)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "contend: reading what to run:", err)
		return 2
	}
	row, ok := Find(rows, spec.Cell)
	if !ok || row.entries[spec.Entry] == nil {
		fmt.Fprintf(os.Stderr, "contend: %s has no function %q\n", spec.Cell.Name(), spec.Entry)
		return 2
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		defer cancel()
		// Nothing more is said; what ends the reading is the end of the trial's interest.
		_, _ = io.Copy(io.Discard, in)
	}()
	if err := row.entries[spec.Entry](&Peer{Context: ctx, out: json.NewEncoder(os.NewFile(3, "messages"))}, spec.Args); err != nil {
		fmt.Fprintf(os.Stderr, "contend: %s: %v\n", spec.Entry, err)
		return 1
	}
	return 0
}
