package distlock

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// judge watches what clients do with a resource that a lock protects. It has the view of
// the resource's own process: it does not know when a lease ends, but which clients
// enter, write and leave, and in what order. It is for one goroutine at a time.
type judge struct {
	fenced   bool // it refuses a write with an older token than the newest
	keys     map[string]*keyState
	excused  map[string]bool // clients that a fault has hit, which may be late
	all      bool            // every client is excused
	findings report
}

// keyState is what is known of a key's clients.
type keyState struct {
	inside map[string]bool // clients that entered and have not left
	latest string          // the last that entered
	newest uint64          // token
}

// report is what a judge has seen.
type report struct {
	Entries   int            `json:"entries"`
	Overlaps  int            `json:"overlaps"`  // entries while another client was inside, one of the two excused
	Attempted int            `json:"attempted"` // writes and entries of clients after which another one had entered
	Rejected  int            `json:"rejected"`  // of those
	Wrong     []wrong        `json:"wrong"`     // violations, the first few
	Told      []string       `json:"told"`      // what clients reported of themselves
	Inside    []string       `json:"inside"`    // clients, as "key client"
	Writes    map[string]int `json:"writes"`    // by client
	// Stalls are the longest stalls of clients' processes, as they report them.
	Stalls map[string]time.Duration `json:"stalls_ns"`
}

// wrong is a violation, unless a client came late because its process stalled.
type wrong struct {
	Text string   `json:"text"`
	Late []string `json:"late"` // clients that may have been late; none: no delay explains it
}

const maxWrong = 5

func newJudge(fenced bool) *judge {
	return &judge{
		fenced: fenced, keys: map[string]*keyState{}, excused: map[string]bool{},
		findings: report{Writes: map[string]int{}, Stalls: map[string]time.Duration{}},
	}
}

func (j *judge) wrong(late []string, format string, args ...any) {
	if len(j.findings.Wrong) < maxWrong {
		j.findings.Wrong = append(j.findings.Wrong, wrong{fmt.Sprintf(format, args...), late})
	}
}

func (j *judge) state(key string) *keyState {
	k := j.keys[key]
	if k == nil {
		k = &keyState{inside: map[string]bool{}}
		j.keys[key] = k
	}
	return k
}

func (j *judge) isExcused(client string) bool { return j.all || j.excused[client] }

// enter lets a client in. It returns false if the client's token is too old.
func (j *judge) enter(client, key string, token uint64) bool {
	k := j.state(key)
	if j.fenced && token <= k.newest {
		if !j.isExcused(client) {
			j.wrong([]string{client}, "%s entered %s with token %d after %d", client, key, token, k.newest)
		}
		j.findings.Attempted++
		j.findings.Rejected++
		return false
	}
	for other := range k.inside {
		switch {
		case other == client:
			j.wrong(nil, "%s entered %s twice", client, key)
		case j.isExcused(client) || j.isExcused(other):
			j.findings.Overlaps++
		default:
			j.wrong([]string{client, other}, "%s entered %s while %s was inside", client, key, other)
		}
	}
	k.inside[client], k.latest, k.newest = true, client, max(k.newest, token)
	j.findings.Entries++
	return true
}

// write lets a client write, and reports whether the resource accepts it.
func (j *judge) write(client, key string, token uint64) bool {
	k := j.state(key)
	accepted := !j.fenced || token >= k.newest
	j.findings.Writes[client]++
	if k.latest == client {
		if !accepted {
			j.wrong(nil, "the holder %s wrote to %s with token %d after %d", client, key, token, k.newest)
		}
		return accepted
	}
	j.findings.Attempted++
	switch {
	case !accepted:
		j.findings.Rejected++
	case j.fenced:
		j.wrong(nil, "%s wrote to %s with token %d after %s had entered with %d",
			client, key, token, k.latest, k.newest)
	case !j.isExcused(client):
		j.wrong([]string{client}, "%s wrote to %s after %s had entered", client, key, k.latest)
	}
	return accepted
}

func (j *judge) leave(client, key string) { delete(j.state(key).inside, client) }

// gone lets a client leave every key: its process has ended.
func (j *judge) gone(client string) {
	for key := range j.keys {
		j.leave(client, key)
	}
}

// report is what has been seen until now.
func (j *judge) report() report {
	r := j.findings
	r.Writes, r.Stalls = maps.Clone(r.Writes), maps.Clone(r.Stalls)
	for key, k := range j.keys {
		for client := range k.inside {
			r.Inside = append(r.Inside, key+" "+client)
		}
	}
	slices.Sort(r.Inside)
	return r
}

// has reports whether a client told a text.
func (r report) has(text string) bool { return slices.Contains(r.Told, text) }

// isInside reports whether a client is inside.
func (r report) isInside(key, client string) bool { return slices.Contains(r.Inside, key+" "+client) }
