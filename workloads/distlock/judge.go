package distlock

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// judge watches what clients do with a resource that a lock protects. It is what the resource's own process knows: not when a lease ends,
// but who enters, writes and leaves in which order. One goroutine at a time may use it.
type judge struct {
	fenced  bool // tokens are looked at: a write by an older token than the newest is refused
	keys    map[string]*place
	excused map[string]bool // clients that a fault has hit, which may be late
	all     bool            // every client is excused
	report  report
}

// place is what a key protects.
type place struct {
	inside map[string]bool // clients that entered and have not left
	latest string          // the last that entered
	newest uint64          // token
}

// report is what a judge has seen.
type report struct {
	Entries   int            `json:"entries"`
	Overlaps  int            `json:"overlaps"`  // entries while another one was inside, of whom one was excused
	Attempted int            `json:"attempted"` // writes, and entries, by clients after whom another one had entered
	Rejected  int            `json:"rejected"`  // of those
	Wrong     []wrong        `json:"wrong"`     // what may not be, the first few
	Told      []string       `json:"told"`      // by clients, of themselves
	Inside    []string       `json:"inside"`    // clients, by "key client"
	Writes    map[string]int `json:"writes"`    // by client
	// Stalls are the longest times for which clients' processes stood still by themselves, as they say.
	Stalls map[string]time.Duration `json:"stalls_ns"`
}

// wrong is what may not be, unless a client came late because its process stood still.
type wrong struct {
	Text string   `json:"text"`
	Late []string `json:"late"` // who may have been late; nobody: no delay explains it
}

const mostWrong = 5

func newJudge(fenced bool) *judge {
	return &judge{fenced: fenced, keys: map[string]*place{}, excused: map[string]bool{}, report: report{Writes: map[string]int{}, Stalls: map[string]time.Duration{}}}
}

func (j *judge) wrong(late []string, format string, args ...any) {
	if len(j.report.Wrong) < mostWrong {
		j.report.Wrong = append(j.report.Wrong, wrong{fmt.Sprintf(format, args...), late})
	}
}

func (j *judge) place(key string) *place {
	p := j.keys[key]
	if p == nil {
		p = &place{inside: map[string]bool{}}
		j.keys[key] = p
	}
	return p
}

func (j *judge) isExcused(client string) bool { return j.all || j.excused[client] }

// enter lets a client in, and reports whether it may go on: not by an old token.
func (j *judge) enter(client, key string, token uint64) bool {
	p := j.place(key)
	if j.fenced && token <= p.newest {
		if !j.isExcused(client) {
			j.wrong([]string{client}, "%s entered %s with token %d after %d", client, key, token, p.newest)
		}
		j.report.Attempted++
		j.report.Rejected++
		return false
	}
	for other := range p.inside {
		switch {
		case other == client:
			j.wrong(nil, "%s entered %s twice", client, key)
		case j.isExcused(client) || j.isExcused(other):
			j.report.Overlaps++
		default:
			j.wrong([]string{client, other}, "%s entered %s while %s was inside", client, key, other)
		}
	}
	p.inside[client], p.latest, p.newest = true, client, max(p.newest, token)
	j.report.Entries++
	return true
}

// write lets a client write, and reports whether it was accepted.
func (j *judge) write(client, key string, token uint64) bool {
	p := j.place(key)
	accepted := !j.fenced || token >= p.newest
	j.report.Writes[client]++
	if p.latest == client {
		if !accepted {
			j.wrong(nil, "the holder %s wrote to %s with token %d after %d", client, key, token, p.newest)
		}
		return accepted
	}
	j.report.Attempted++
	switch {
	case !accepted:
		j.report.Rejected++
	case j.fenced:
		j.wrong(nil, "%s wrote to %s with token %d after %s had entered with %d", client, key, token, p.latest, p.newest)
	case !j.isExcused(client):
		j.wrong([]string{client}, "%s wrote to %s after %s had entered", client, key, p.latest)
	}
	return accepted
}

func (j *judge) leave(client, key string) { delete(j.place(key).inside, client) }

// gone lets a client leave wherever it is: its process has ended.
func (j *judge) gone(client string) {
	for key := range j.keys {
		j.leave(client, key)
	}
}

// seen is the report of now.
func (j *judge) seen() report {
	r := j.report
	r.Writes, r.Stalls = maps.Clone(r.Writes), maps.Clone(r.Stalls)
	for key, p := range j.keys {
		for client := range p.inside {
			r.Inside = append(r.Inside, key+" "+client)
		}
	}
	slices.Sort(r.Inside)
	return r
}
