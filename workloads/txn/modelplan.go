package txn

import (
	"fmt"
	"math"
	"runtime"
)

// A script is what a transaction of model does, each time that its body runs.
type script struct {
	view   bool
	calls  []call
	how    ending
	inScan bool // it panics or exits while a Scan visits a key
	late   bool // its context has ended before
}

// A call is one of a Tx.
type call struct {
	kind        callKind
	key         uint64
	value       []byte // for a Put
	first, last uint64 // of a Scan
	stop        int    // the visit at which a Scan ends; 0: none
}

type callKind int

const (
	gets callKind = iota
	puts
	deletes
	scans
	callsEnded // calls the Tx of an earlier transaction
)

func (p script) String() string {
	kind, end := "an Update", p.how.String()
	if p.view {
		kind = "a View"
	}
	switch {
	case p.inScan:
		end += " while a Scan visits a key"
	case p.late:
		end += " before it starts"
	}
	return fmt.Sprintf("%s that ends by %s", kind, end)
}

// longest is how many calls a transaction makes at most. One with a large value has two
// more.
const longest = 8

// write writes the next script.
func (m *modeler) write() script {
	p := script{view: m.rng.IntN(3) == 0}
	if m.rng.IntN(5) < 2 {
		p.how = ending(m.rng.IntN(int(endings)))
	}
	p.inScan = (p.how == panics || p.how == exits) && m.rng.IntN(2) == 0
	p.late = p.how == isCancelled && m.rng.IntN(2) == 0
	var key uint64
	for i := range 1 + m.rng.IntN(longest) {
		// Often the same key again: what a transaction does to a key twice is where a store
		// can be wrong.
		if i == 0 || m.rng.IntN(2) == 0 {
			key = m.anyOfKeys()
		}
		p.calls = append(p.calls, m.writeCall(key))
	}
	if m.large >= 0 && m.turns >= m.large && p.how == commits && !p.view {
		p.calls = append(p.calls, call{kind: puts, key: key, value: m.bytes(largeBytes)}, call{kind: gets, key: key})
		m.large = -1
	}
	return p
}

func (m *modeler) anyOfKeys() uint64 { return m.keys[m.rng.IntN(len(m.keys))] }

func (m *modeler) writeCall(key uint64) call {
	c := call{kind: []callKind{
		gets, gets, gets, puts, puts, puts, puts, deletes, deletes, deletes, scans, scans, scans, callsEnded,
	}[m.rng.IntN(14)], key: key}
	switch c.kind {
	case puts:
		c.value = m.value()
	case scans:
		c.first, c.last = m.near(), m.near()
		switch m.rng.IntN(4) {
		case 0: // in any order: no key is between them if the first is greater
		case 1:
			c.first, c.last = 0, math.MaxUint64
		default:
			c.first, c.last = min(c.first, c.last), max(c.first, c.last)
		}
		if m.rng.IntN(3) == 0 {
			c.stop = 1 + m.rng.IntN(4)
		}
	}
	return c
}

// near returns a key, or the one before or after it.
func (m *modeler) near() uint64 { return m.anyOfKeys() + m.rng.Uint64N(3) - 1 }

// largeBytes is a value that fits no page and no buffer of usual size. A window puts one.
const largeBytes = 1 << 16

// value returns a new value, which often is as long as others.
func (m *modeler) value() []byte {
	switch m.rng.IntN(8) {
	case 0:
		return nil // as good as empty
	case 1:
		return []byte{}
	case 2:
		return m.bytes(1 + m.rng.IntN(400))
	}
	return m.bytes(8)
}

func (m *modeler) bytes(n int) []byte {
	value := make([]byte, n)
	for i := range value {
		value[i] = byte(m.rng.Uint32())
	}
	return value
}

// leave ends a body.
func (e ending) leave(cancel func()) error {
	switch e {
	case refuses:
		return errBody
	case panics:
		panic(errPanic)
	case exits:
		runtime.Goexit()
	case isCancelled:
		cancel()
	}
	return nil
}

// An outcome is how a call has ended.
type outcome struct {
	returned bool
	err      error
	panicked any // nil: it has returned, or its goroutine has ended
}

// of calls f, and sets the outcome also if f does not return.
func (o *outcome) of(f func() error) {
	defer func() {
		if !o.returned {
			o.panicked = recover()
		}
	}()
	o.err = f()
	o.returned = true
}

func (o outcome) String() string {
	switch {
	case o.returned:
		return fmt.Sprintf("returned %v", o.err)
	case o.panicked != nil:
		return fmt.Sprintf("panicked with %v", o.panicked)
	}
	return "ended its goroutine"
}

// shown is a value for messages.
type shown []byte

func (v shown) String() string {
	const most = 8
	switch {
	case v == nil:
		return "no value"
	case len(v) == 0:
		return "an empty value"
	case len(v) > most:
		return fmt.Sprintf("%d bytes %x…", len(v), []byte(v[:most]))
	}
	return fmt.Sprintf("%d bytes %x", len(v), []byte(v))
}
