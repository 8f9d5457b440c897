package distlock

import (
	"context"
	"fmt"
	"strconv"
	"sync"

	"github.com/contendbench/contend/impls"
)

// Local is a lease server in this process, behind a mutex. A client reaches it by a
// function call.
//
// Source: as core.
// Progress: FIFO for each key. Server and clients live and die together, so its clock
// does not run and nothing expires.
// Fenced: the tokens come from one counter. Space: as core.
// Wins: it uses no network, so it shows what the others cost without one. Loses: a client
// in another process cannot reach it.
type Local struct {
	mu      sync.Mutex
	servers map[string]*localServer // by endpoint
}

// NewLocal makes the backend.
func NewLocal() Backend {
	l := &Local{servers: map[string]*localServer{}}
	return Backend{Service: impls.Service{Start: l.start}, Dial: l.dial}
}

func (l *Local) start(context.Context, impls.Host) (impls.Cluster, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	endpoint := strconv.Itoa(len(l.servers) + 1)
	l.servers[endpoint] = &localServer{machine: newCore(), clients: map[*session]*client{}}
	return serverless(endpoint), nil
}

func (l *Local) dial(_ context.Context, endpoint string) (Client, error) {
	l.mu.Lock()
	s := l.servers[endpoint]
	l.mu.Unlock()
	if s == nil {
		return nil, fmt.Errorf("distlock: this process has no server %q", endpoint)
	}
	return s.join(), nil
}

// localServer is a server and its clients.
type localServer struct {
	mu      sync.Mutex
	machine machine
	clients map[*session]*client
	last    uint64 // session
}

// join makes a client.
func (h *localServer) join() *client {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last++
	s := h.machine.open(0, message{op: opHello, session: h.last})
	h.machine.take() // there is no client yet that could be welcomed
	c := newClient(func() { h.remove(s) })
	c.link = localLink{h, s}
	h.clients[s] = c
	return c
}

func (h *localServer) remove(s *session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.clients, s)
}

// localLink is a session's link.
type localLink struct {
	server  *localServer
	session *session
}

// post handles a message, and passes the replies to all clients concerned.
func (l localLink) post(m message) {
	h := l.server
	h.mu.Lock()
	defer h.mu.Unlock()
	for posts := []reply{{l.session, m}}; len(posts) > 0; posts = posts[1:] {
		h.call(posts[0])
		h.machine.serve()
		replies, _ := h.machine.take()
		for _, r := range replies {
			if c := h.clients[r.session]; c != nil {
				if answer, ok := c.hear(r.message); ok {
					posts = append(posts, reply{r.session, answer})
				}
			}
		}
	}
}

func (h *localServer) call(r reply) {
	switch r.op {
	case opAcquire:
		h.machine.acquire(r.session, r.message)
	case opCancel:
		h.machine.cancel(r.session, r.message)
	case opRelease:
		h.machine.release(r.session, r.message)
	case opClose:
		h.machine.answer(r.session, r.message)
		h.machine.leave(r.session)
	}
}
