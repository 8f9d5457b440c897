package distlock

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// scenarios are what clients do, and what the server replies. A line is a time in ms, a
// client and what it does, and after a bar all replies. A "tick" is the server's timer,
// and has no client.
var scenarios = map[string]string{
	"a hand-over": `
		0  a opens               | a welcome
		0  b opens               | b welcome
		1  a acquires 1 k 100    | a granted 1 #1
		2  b acquires 1 k 100    |
		3  a releases 2 k #1     | a released 2, b granted 1 #2
		4  b releases 2 k #2     | b released 2`,
	"first come, first served, each key by itself": `
		0  a opens               | a welcome
		0  b opens               | b welcome
		0  c opens               | c welcome
		1  a acquires 1 k 100    | a granted 1 #1
		1  b acquires 1 k 100    |
		1  c acquires 1 k 100    |
		1  c acquires 2 other 50 | c granted 2 #2
		2  a releases 2 k #1     | a released 2, b granted 1 #3
		2  a acquires 3 k 100    |
		3  b releases 2 k #3     | b released 2, c granted 1 #4
		4  c releases 3 k #4     | c released 3, a granted 3 #5`,
	"a silent holder loses the key when its time has passed": `
		0   a opens              | a welcome
		0   b opens              | b welcome
		10  a acquires 1 k 100   | a granted 1 #1
		20  b acquires 1 k 200   |
		109 - ticks              |
		110 - ticks              | a lost #1, b granted 1 #2
		111 a releases 2 k #1    | a notheld 2
		112 b releases 2 k #2    | b released 2`,
	"a heartbeat keeps it": `
		0   a opens              | a welcome
		0   b opens              | b welcome
		10  a acquires 1 k 100   | a granted 1 #1
		20  b acquires 1 k 300   |
		60  a beats 2            | a done 2
		110 - ticks              |
		159 - ticks              |
		160 - ticks              | a lost #1, b granted 1 #2`,
	"a broken connection ends a wait, and not a lease": `
		0   a opens              | a welcome
		0   b opens              | b welcome
		0   c opens              | c welcome
		10  a acquires 1 k 100   | a granted 1 #1
		11  b acquires 1 k 100   |
		12  c acquires 1 k 100   |
		13  a drops              |
		13  b drops              |
		50  a opens #1           | a welcome
		60  a releases 2 k #1    | a released 2, c granted 1 #2`,
	"a client that comes back too late has lost": `
		0   a opens              | a welcome
		10  a acquires 1 k 100   | a granted 1 #1
		13  a drops              |
		110 - ticks              | a lost #1
		120 a opens #1           | a lost #1, a welcome`,
	"a lease that its client does not know is free when the client comes back": `
		0   a opens              | a welcome
		0   b opens              | b welcome
		10  a acquires 1 k 100   | a granted 1 #1
		11  b acquires 1 k 100   |
		12  a drops              |
		13  a opens              | a welcome, b granted 1 #2`,
	"a waiter asks for its own time to live": `
		0   a opens              | a welcome
		0   b opens              | b welcome
		0   a acquires 1 k 100   | a granted 1 #1
		1   b acquires 1 k 20    |
		10  b beats 2            | b done 2
		25  - ticks              |
		29  b acquires 3 k 900   |
		100 - ticks              | b ended 1, a lost #1, b granted 3 #2`,
	"a lease that was released ends nothing later": `
		0   a opens              | a welcome
		0   a acquires 1 k 100   | a granted 1 #1
		10  a releases 2 k #1    | a released 2
		10  a acquires 3 k 100   | a granted 3 #2
		60  a beats 4            | a done 4
		110 - ticks              |
		159 - ticks              |
		160 - ticks              | a lost #2`,
	"a heartbeat after a release restores nothing": `
		0   a opens              | a welcome
		0   b opens              | b welcome
		0   a acquires 1 k 100   | a granted 1 #1
		10  a releases 2 k #1    | a released 2
		10  a beats 3            | a done 3
		11  b acquires 1 k 100   | b granted 1 #2`,
	"a cancelled waiter is skipped": `
		0   a opens              | a welcome
		0   b opens              | b welcome
		0   c opens              | c welcome
		1   a acquires 1 k 100   | a granted 1 #1
		2   b acquires 1 k 100   |
		2   c acquires 1 k 100   |
		3   b cancels 1          | b ended 1
		4   a releases 2 k #1    | a released 2, c granted 1 #2`,
	"a cancel that comes too late changes nothing": `
		0   a opens              | a welcome
		1   a acquires 1 k 100   | a granted 1 #1
		2   a cancels 1          |
		3   a releases 2 k #1    | a released 2`,
	"a waiter whose client has fallen silent is skipped": `
		0   a opens              | a welcome
		0   b opens              | b welcome
		0   c opens              | c welcome
		1   a acquires 1 k 100   | a granted 1 #1
		2   b acquires 1 k 50    |
		3   c acquires 1 k 100   |
		52  - ticks              | b ended 1
		60  a releases 2 k #1    | a released 2, c granted 1 #2`,
	"a release frees its own acquisition only": `
		0   a opens              | a welcome
		0   b opens              | b welcome
		1   a acquires 1 k 100   | a granted 1 #1
		2   b releases 1 k #1    | b notheld 1
		3   a releases 2 k #1    | a released 2
		4   a acquires 3 k 100   | a granted 3 #2
		5   a releases 4 k #1    | a notheld 4
		6   b acquires 2 k 100   |
		7   a releases 5 k #2    | a released 5, b granted 2 #3
		8   a releases 6 free #9 | a notheld 6`,
	"a client that leaves frees all": `
		0   a opens              | a welcome
		0   b opens              | b welcome
		1   a acquires 1 k 100   | a granted 1 #1
		1   a acquires 2 l 100   | a granted 2 #2
		2   b acquires 1 l 100   |
		2   b acquires 2 k 100   |
		3   a leaves 3           | a done 3, b granted 2 #3, b granted 1 #4`,
	"each lease of a client ends at its own time": `
		0   a opens              | a welcome
		0   a acquires 1 k 100   | a granted 1 #1
		0   a acquires 2 l 50    | a granted 2 #2
		50  - ticks              | a lost #2
		60  a beats 3            | a done 3
		100 - ticks              |
		160 - ticks              | a lost #1`,
}

func TestScenarios(t *testing.T) {
	for name, text := range scenarios {
		t.Run(name, func(t *testing.T) {
			if wrong := scenario(t, newCore(), text); wrong != "" {
				t.Error(wrong)
			}
		})
	}
}

// The scenarios distinguish a core from one with a bug.
func TestScenariosAgainstBugs(t *testing.T) {
	for name, fresh := range map[string]func() machine{
		"unowned":      func() machine { return &unowned{newCore()} },
		"byOwner":      func() machine { return &byOwner{newCore()} },
		"notAgain":     func() machine { return &notAgain{newCore()} },
		"byConnection": func() machine { return &byConnection{newCore()} },
		"anyTTL":       func() machine { return &anyTTL{newCore()} },
		"oldTimer":     func() machine { return &oldTimer{newCore(), map[*request]time.Duration{}} },
		"revived":      func() machine { return &revived{newCore(), map[*session]*request{}} },
		"byLink":       func() machine { return &byLink{newCore()} },
		"lingering":    func() machine { return &lingering{newCore()} },
	} {
		wrong := 0
		for _, text := range scenarios {
			if scenario(t, fresh(), text) != "" {
				wrong++
			}
		}
		if wrong == 0 {
			t.Errorf("%s: got no failed scenario, want one", name)
		}
	}
}

// scenario plays a scenario and returns the first difference.
func scenario(t *testing.T, m machine, text string) string {
	t.Helper()
	p := newPlayer(m)
	for line := range strings.Lines(strings.TrimSpace(text)) {
		does, want, _ := strings.Cut(strings.TrimSpace(line), "|")
		if got := p.play(t, does); got != strings.TrimSpace(want) {
			return fmt.Sprintf("%s: got replies %q, want %q", does, got, strings.TrimSpace(want))
		}
	}
	return ""
}

// player plays scenarios.
type player struct {
	machine  machine
	sessions map[string]*session
}

func newPlayer(m machine) *player { return &player{m, map[string]*session{}} }

// play does what a line says and returns the replies.
func (p *player) play(t *testing.T, line string) string {
	t.Helper()
	var ms int
	var client, verb, rest string
	fields := strings.Fields(line)
	if _, err := fmt.Sscan(strings.Join(fields[:3], " "), &ms, &client, &verb); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	rest = strings.Join(fields[3:], " ")
	now := time.Duration(ms) * time.Millisecond
	s := p.sessions[client]
	if s != nil && verb != "drops" {
		s.heard = now
	}
	var m message
	scan := func(format string, into ...any) {
		if _, err := fmt.Sscanf(rest, format, into...); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	switch verb {
	case "opens":
		m.session = uint64(client[0])
		if rest != "" {
			m.tokens = []uint64{0}
			scan("#%d", &m.tokens[0])
		}
		p.sessions[client] = p.machine.open(now, m)
	case "acquires":
		scan("%d %s %d", &m.id, &m.key, &m.ttl)
		m.ttl *= time.Millisecond
		p.machine.acquire(s, m)
	case "releases":
		scan("%d %s #%d", &m.id, &m.key, &m.token)
		p.machine.release(s, m)
	case "cancels":
		scan("%d", &m.id)
		p.machine.cancel(s, m)
	case "beats":
		m.op = opHeartbeat
		scan("%d", &m.id)
		p.machine.answer(s, m)
	case "leaves":
		scan("%d", &m.id)
		p.machine.answer(s, m)
		p.machine.leave(s)
	case "drops":
		p.machine.drop(s)
	case "ticks":
		p.machine.expire(now)
	default:
		t.Fatalf("%s: got verb %q, want a known one", line, verb)
	}
	return p.replies()
}

// replies returns the pending replies in the form of the scenarios.
func (p *player) replies() string {
	p.machine.serve()
	replies, _ := p.machine.take()
	var texts []string
	for _, r := range replies {
		client := string(rune(r.session.id))
		switch r.op {
		case opWelcome:
			texts = append(texts, client+" welcome")
		case opGranted:
			texts = append(texts, fmt.Sprintf("%s granted %d #%d", client, r.id, r.token))
		case opLost:
			texts = append(texts, fmt.Sprintf("%s lost #%d", client, r.token))
		default:
			word := map[op]string{opEnded: "ended", opReleased: "released", opNotHeld: "notheld", opDone: "done"}[r.op]
			texts = append(texts, fmt.Sprintf("%s %s %d", client, word, r.id))
		}
	}
	return strings.Join(texts, ", ")
}

// Nothing is left of locks and sessions that no client uses.
func TestNothingIsLeft(t *testing.T) {
	c := newCore()
	p := newPlayer(c)
	for _, line := range []string{
		"0 a opens", "0 b opens", "0 a acquires 1 k 100", "0 b acquires 1 k 100", "0 b acquires 2 l 100",
		"1 a releases 2 k #1", "2 b drops", "3 a leaves 3", "500 - ticks", "900 - ticks",
	} {
		p.play(t, line)
	}
	if len(c.locks) > 0 || len(c.sessions) > 0 || len(c.silent) > 0 {
		t.Errorf("got %d locks, %d sessions, %d deadlines, want none", len(c.locks), len(c.sessions), len(c.silent))
	}
}

// Cancelled waiters are swept out of a queue, however long its holder takes.
func TestAQueueIsSwept(t *testing.T) {
	c := newCore()
	p := newPlayer(c)
	for _, line := range []string{"0 a opens", "0 b opens", "0 a acquires 1 k 100"} {
		p.play(t, line)
	}
	for id := range 1000 {
		p.play(t, fmt.Sprintf("1 b acquires %d k 100", id+1))
		p.play(t, fmt.Sprintf("1 b cancels %d", id+1))
	}
	if n := len(c.locks["k"].queue); n > 2*maxEnded {
		t.Errorf("got %d cancelled requests in the queue, want at most %d", n, 2*maxEnded)
	}
}
