package distlock

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// model is a lease server that looks at all it knows at each call: slow, and too simple
// to be wrong.
type model struct {
	now    time.Duration
	heard  map[uint64]time.Duration
	queues map[string][]claim // only the first one can be granted
}

type claim struct {
	client, id uint64
	ttl        time.Duration
	granted    bool
}

// settle ends the claims of silent clients if expire is set, grants what is free, and
// returns the replies in no order.
func (m *model) settle(expire bool) (replies []string) {
	for key, queue := range m.queues {
		if expire {
			queue = slices.DeleteFunc(queue, func(c claim) bool {
				ended := m.heard[c.client]+c.ttl <= m.now
				if ended {
					replies = append(replies, fmt.Sprint(c.client, c.id, " ended"))
				}
				return ended
			})
		}
		if len(queue) > 0 && !queue[0].granted {
			queue[0].granted = true
			replies = append(replies, fmt.Sprint(queue[0].client, queue[0].id, " granted"))
		}
		m.queues[key] = queue
	}
	return replies
}

// remove removes claims.
func (m *model) remove(which func(claim) bool) {
	for key, queue := range m.queues {
		m.queues[key] = slices.DeleteFunc(queue, which)
	}
}

// TestCoreAgainstModel makes the same calls to a core and to a model, and compares the
// replies.
func TestCoreAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { newDuel().play(t) })
}

type duel struct {
	core     *core
	model    *model
	sessions []*session
	id       uint64
	held     map[uint64][]hold // by client
	newest   uint64            // token
}

type hold struct {
	id, token uint64
	key       string
}

const players = 4

func newDuel() *duel {
	d := &duel{
		core: newCore(), model: &model{heard: map[uint64]time.Duration{}, queues: map[string][]claim{}},
		held: map[uint64][]hold{},
	}
	for i := range players {
		d.sessions = append(d.sessions, d.core.open(0, message{session: uint64(i)}))
	}
	d.core.take()
	return d
}

func (d *duel) play(t *rapid.T) {
	key := rapid.SampledFrom([]string{"k", "l", "m"})
	for range rapid.IntRange(1, 60).Draw(t, "steps") {
		d.model.now += time.Duration(rapid.IntRange(0, 40).Draw(t, "ms")) * time.Millisecond
		client := uint64(rapid.IntRange(0, players-1).Draw(t, "client"))
		s := d.sessions[client]
		what := rapid.SampledFrom([]string{
			"acquire", "acquire", "release", "release", "stale", "cancel", "beat", "drop", "tick",
		}).Draw(t, "what")
		if what != "tick" && what != "drop" {
			s.heard, d.model.heard[client] = d.model.now, d.model.now
		}
		var want []string
		switch what {
		case "acquire":
			ttl := time.Duration(rapid.IntRange(20, 100).Draw(t, "ttl")) * time.Millisecond
			want = d.acquire(client, key.Draw(t, "key"), ttl)
		case "release":
			want = d.release(client)
		case "stale": // with a token that was never granted
			d.core.release(s, message{id: 0, key: key.Draw(t, "key"), token: d.newest + 1})
			want = append(d.model.settle(false), fmt.Sprint(client, 0, " not held"))
		case "cancel":
			want = d.cancel(client)
		case "drop": // and come back
			want = d.drop(client)
		case "beat":
		case "tick":
			d.core.expire(d.model.now)
			want = d.model.settle(true)
		}
		d.compare(t, what, want)
	}
}

func (d *duel) acquire(client uint64, key string, ttl time.Duration) []string {
	d.id++
	d.core.acquire(d.sessions[client], message{id: d.id, key: key, ttl: ttl})
	d.model.queues[key] = append(d.model.queues[key], claim{client: client, id: d.id, ttl: ttl})
	return d.model.settle(false)
}

func (d *duel) release(client uint64) []string {
	if len(d.held[client]) == 0 {
		return nil
	}
	h := d.held[client][0]
	d.held[client] = d.held[client][1:]
	d.core.release(d.sessions[client], message{id: 0, key: h.key, token: h.token})
	d.model.remove(func(c claim) bool { return c.id == h.id })
	return append(d.model.settle(false), fmt.Sprint(client, 0, " released"))
}

// cancel cancels the client's oldest claim that is not granted.
func (d *duel) cancel(client uint64) []string {
	oldest := ^uint64(0)
	d.model.remove(func(c claim) bool {
		if c.client == client && !c.granted {
			oldest = min(oldest, c.id)
		}
		return false
	})
	d.core.cancel(d.sessions[client], message{id: oldest})
	if oldest == ^uint64(0) {
		return nil
	}
	d.model.remove(func(c claim) bool { return c.id == oldest })
	return append(d.model.settle(false), fmt.Sprint(client, oldest, " ended"))
}

func (d *duel) drop(client uint64) []string {
	d.core.drop(d.sessions[client])
	d.model.remove(func(c claim) bool { return c.client == client && !c.granted })
	m := message{session: client}
	for _, h := range d.held[client] {
		m.tokens = append(m.tokens, h.token)
	}
	d.sessions[client] = d.core.open(d.model.now, m)
	d.model.heard[client] = d.model.now
	return d.model.settle(false)
}

// compare compares the core's replies with the model's.
func (d *duel) compare(t *rapid.T, what string, want []string) {
	d.core.serve()
	replies, changes := d.core.take()
	keys := map[uint64]string{}
	for _, c := range changes {
		if c.op == opGranted {
			keys[c.token] = c.key
		}
	}
	var got []string
	for _, r := range replies {
		client := r.session.id
		switch r.op {
		case opWelcome:
		case opGranted:
			if r.token <= d.newest {
				t.Fatalf("%s: got token %d, want more than %d", what, r.token, d.newest)
			}
			d.newest = r.token
			d.held[client] = append(d.held[client], hold{r.id, r.token, keys[r.token]})
			got = append(got, fmt.Sprint(client, r.id, " granted"))
		case opLost:
			i := slices.IndexFunc(d.held[client], func(h hold) bool { return h.token == r.token })
			got = append(got, fmt.Sprint(client, d.held[client][i].id, " ended"))
			d.held[client] = slices.Delete(d.held[client], i, i+1)
		case opEnded:
			got = append(got, fmt.Sprint(client, r.id, " ended"))
		case opReleased:
			got = append(got, fmt.Sprint(client, r.id, " released"))
		case opNotHeld:
			got = append(got, fmt.Sprint(client, r.id, " not held"))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Fatalf("%s at %v: got replies %q, want %q", what, d.model.now, got, want)
	}
}
