package distlock

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"github.com/contendbench/contend/harness"
	locks "github.com/contendbench/contend/impls/distlock"
)

// resourceEntry is the process of the resource that a lock protects. It is separate from
// its clients, so that the order in which requests reach it does not depend on which of
// them stalls.
const resourceEntry = "resource"

// request is what a client, or the trial, asks of the resource.
type request struct {
	Do     string `json:"do"` // begin, enter, write, leave, tell, excuse, report
	Client string `json:"client,omitempty"`
	Key    string `json:"key,omitempty"`
	Token  uint64 `json:"token,omitempty"`
	Text   string `json:"text,omitempty"`
	Fenced bool   `json:"fenced,omitempty"`

	Stall time.Duration `json:"stall_ns,omitempty"` // the longest stall of the client's process
}

type response struct {
	Accepted bool    `json:"accepted"`
	Report   *report `json:"report,omitempty"`
}

// everyClient is the name that excuses all clients.
const everyClient = "*"

func serveResource(h *harness.Helper, _ locks.Backend, _ json.RawMessage) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	context.AfterFunc(h.Context, func() { l.Close() })
	if err := h.Ready(l.Addr().String()); err != nil {
		return err
	}
	r := &resource{judge: newJudge(false)}
	for {
		c, err := l.Accept()
		switch {
		case err == nil:
			go r.serve(c)
		case h.Context.Err() != nil:
			return nil
		default: // such as too many open files, which passes
			fmt.Fprintln(os.Stderr, "accepting a connection:", err)
			time.Sleep(poll)
		}
	}
}

type resource struct {
	mu    sync.Mutex
	judge *judge
}

// serve answers one connection. When the connection ends, the clients that used it have
// ended, too.
func (r *resource) serve(c net.Conn) {
	defer c.Close()
	in, out := json.NewDecoder(c), json.NewEncoder(c)
	clients := map[string]bool{}
	for {
		var q request
		if err := in.Decode(&q); err != nil {
			break
		}
		clients[q.Client] = true
		if out.Encode(r.answer(q)) != nil {
			break
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for name := range clients {
		r.judge.gone(name)
	}
}

func (r *resource) answer(q request) (a response) {
	r.mu.Lock()
	defer r.mu.Unlock()
	j := r.judge
	j.findings.Stalls[q.Client] = max(j.findings.Stalls[q.Client], q.Stall)
	before := len(j.findings.Wrong)
	switch q.Do {
	case "begin":
		r.judge = newJudge(q.Fenced)
	case "enter":
		a.Accepted = j.enter(q.Client, q.Key, q.Token)
	case "write":
		a.Accepted = j.write(q.Client, q.Key, q.Token)
	case "leave":
		j.leave(q.Client, q.Key)
	case "tell":
		j.findings.Told = append(j.findings.Told, q.Text)
	case "excuse":
		j.all = j.all || q.Text == everyClient
		j.excused[q.Text] = true
	case "report":
		seen := j.report()
		a.Report = &seen
	}
	for _, w := range j.findings.Wrong[before:] {
		fmt.Fprintln(os.Stderr, w.Text) // the log is the evidence
	}
	return a
}

// access is a client's connection to the resource. It is for one goroutine at a time.
type access struct {
	client string
	conn   net.Conn
	out    *json.Encoder
	in     *json.Decoder
}

func dialResource(ctx context.Context, address, client string) (*access, error) {
	c, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("dialing the resource: %w", err)
	}
	return &access{client, c, json.NewEncoder(c), json.NewDecoder(c)}, nil
}

func (a *access) do(q request) (response, error) {
	q.Client = a.client
	var r response
	if err := a.out.Encode(q); err != nil {
		return r, fmt.Errorf("asking the resource to %s: %w", q.Do, err)
	}
	if err := a.in.Decode(&r); err != nil {
		return r, fmt.Errorf("reading the resource's answer to %s: %w", q.Do, err)
	}
	return r, nil
}

// visit enters, writes and leaves.
func (a *access) visit(key string, token uint64, inside func()) error {
	entered, err := a.do(request{Do: "enter", Key: key, Token: token})
	if err != nil || !entered.Accepted {
		return err // the judge decides whether the refusal is a violation
	}
	inside()
	if _, err := a.do(request{Do: "write", Key: key, Token: token}); err != nil {
		return err
	}
	_, err = a.do(request{Do: "leave", Key: key})
	return err
}

// Close ends the connection.
func (a *access) Close() error { return a.conn.Close() }
