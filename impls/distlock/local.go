package distlock

import (
	"context"
	"fmt"
	"strconv"
	"sync"

	"github.com/contendbench/contend/impls"
)

// Local is a lease server in this process, behind a mutex; a client is a call away.
//
// Source: as core.
// Progress: FIFO for each key. Its clock stands still: server and clients live and die together, so nothing expires.
// Fenced: tokens of one counter. Space: as core.
// Wins: it is what the others cost without a network. Loses: whoever is not in this process.
type Local struct {
	mu    sync.Mutex
	halls map[string]*hall // by endpoint
}

// NewLocal makes the backend.
func NewLocal() Backend {
	l := &Local{halls: map[string]*hall{}}
	return Backend{Start: l.start, Dial: l.dial}
}

func (l *Local) start(context.Context, impls.Host) (Cluster, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	endpoint := strconv.Itoa(len(l.halls) + 1)
	l.halls[endpoint] = &hall{machine: newCore(), clients: map[*session]*client{}}
	return serverless(endpoint), nil
}

func (l *Local) dial(_ context.Context, endpoint string) (Client, error) {
	l.mu.Lock()
	h := l.halls[endpoint]
	l.mu.Unlock()
	if h == nil {
		return nil, fmt.Errorf("distlock: this process has no server %q", endpoint)
	}
	return h.join(), nil
}

// hall is a server and its clients.
type hall struct {
	mu      sync.Mutex
	machine machine
	clients map[*session]*client
	last    uint64 // session
}

// join makes a client.
func (h *hall) join() *client {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last++
	s := h.machine.open(0, message{op: opHello, session: h.last})
	h.machine.take() // there is nobody to welcome yet
	c := newClient(func() { h.part(s) })
	c.link = localLink{h, s}
	h.clients[s] = c
	return c
}

func (h *hall) part(s *session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.clients, s)
}

// localLink is a session's link.
type localLink struct {
	hall    *hall
	session *session
}

// post does what a message asks for, and tells everybody what came of it.
func (l localLink) post(m message) {
	h := l.hall
	h.mu.Lock()
	defer h.mu.Unlock()
	for turns := []reply{{l.session, m}}; len(turns) > 0; turns = turns[1:] {
		h.call(turns[0])
		h.machine.serve()
		replies, _ := h.machine.take()
		for _, r := range replies {
			if c := h.clients[r.session]; c != nil {
				if turn, ok := c.hear(r.message); ok {
					turns = append(turns, reply{r.session, turn})
				}
			}
		}
	}
}

func (h *hall) call(r reply) {
	switch r.op {
	case opAcquire:
		h.machine.acquire(r.session, r.message)
	case opCancel:
		h.machine.cancel(r.session, r.message)
	case opRelease:
		h.machine.release(r.session, r.message)
	case opBye:
		h.machine.answer(r.session, r.message)
		h.machine.leave(r.session)
	}
}
