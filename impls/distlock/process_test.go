package distlock_test

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/impls/distlock"
	"github.com/contendbench/contend/impls/implstest"
)

// Only processes of this machine can reach a server.
func TestServersListenOnLoopback(t *testing.T) {
	each(t, func(t *testing.T, s stage) {
		for _, p := range s.cluster.Nodes() {
			addresses := implstest.Listening(t, strconv.Itoa(p.Pid()))
			if len(addresses) == 0 {
				t.Error("got a server that does not listen, want one address")
			}
			for _, a := range addresses {
				if !a.IP.IsLoopback() {
					t.Errorf("got a server that listens at %v, want only loopback", &a)
				}
			}
		}
	})
}

// maxMemory bounds the memory of a server, bytes. What greedy clients ask for would take
// twice as much.
const maxMemory = int64(160) << 20

// A server's memory is bounded, whatever its clients send. It serves after that.
func TestMemoryIsBounded(t *testing.T) {
	if implstest.UnderRace() {
		t.Skip("the race detector takes more memory than a server")
	}
	each(t, func(t *testing.T, s stage) {
		for _, sent := range []struct {
			name     string
			messages int
			next     func(*rand.Rand) []byte
		}{{"damaged", 24_000, damaged}, {"greedy", 72_000, greedy}} {
			attack(t, s.cluster.Endpoint(), sent.messages, sent.next)
			s.release(s.acquire(s.dial(), "a key of another client, after "+sent.name+" messages"))
			got := residentOf(t, s.cluster.Nodes()[0].Pid())
			t.Logf("%d MB after %d %s messages", got>>20, sent.messages, sent.name)
			if got > maxMemory {
				t.Errorf("after %d %s messages: got %d MB, want at most %d",
					sent.messages, sent.name, got>>20, maxMemory>>20)
			}
		}
	}, distlock.Expires)
}

// attack sends messages by some connections, and dials again when the server cuts one off.
func attack(t *testing.T, address string, messages int, next func(*rand.Rand) []byte) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	var conns [8]net.Conn
	defer func() {
		for _, c := range conns {
			if c != nil {
				c.Close()
			}
		}
	}()
	for i := range messages {
		at := &conns[i%len(conns)]
		if *at == nil {
			c, err := net.DialTimeout("tcp", address, time.Second)
			if err != nil {
				t.Fatal(err)
			}
			go func() { _, _ = io.Copy(io.Discard, c) }() // the server must not take it for slow
			*at = c
			if _, err := c.Write(frame(opHello, uint64(i), rng.Uint64(), 0, 0, "")); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := (*at).Write(next(rng)); err != nil {
			(*at).Close()
			*at = nil
		}
	}
}

// Kinds of messages, as package distlock numbers them.
const (
	opHello   = 1
	opAcquire = 2
	lastOp    = 17
)

// frame encodes a message without tokens.
func frame(op byte, id, session, token, ttl uint64, key string) []byte {
	body := []byte{op}
	for _, v := range []uint64{id, session, token, ttl, uint64(len(key))} {
		body = binary.AppendUvarint(body, v)
	}
	body = append(append(body, key...), 0)
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), body...)
}

// greedy asks for another key, for as long as possible.
func greedy(rng *rand.Rand) []byte {
	key := fmt.Sprint(rng.Uint64()) + strings.Repeat("k", 4000)
	return frame(opAcquire, rng.Uint64(), 0, 0, 1<<62, key)
}

// damaged is a message of any kind. Most are whole, and what a client may send.
func damaged(rng *rand.Rand) []byte {
	key := strings.Repeat("k", rng.IntN(4097))
	op := byte(opAcquire + rng.IntN(4)) // to a heartbeat
	if rng.IntN(10) == 0 {
		op = byte(1 + rng.IntN(lastOp))
	}
	text := frame(op, uint64(rng.IntN(100)), 0, uint64(rng.IntN(100)), rng.Uint64()>>rng.IntN(64), key)
	switch rng.IntN(20) {
	case 0:
		text[rng.IntN(len(text))] ^= byte(1 + rng.IntN(255))
	case 1:
		text = text[:rng.IntN(len(text))]
	}
	return text
}

// residentOf is the most memory that a process has had, in bytes.
func residentOf(t *testing.T, pid int) int64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skipf("the system does not show the memory of a process: %v", err)
	}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "VmHWM:" {
			kb, err := strconv.ParseInt(f[1], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return kb << 10
		}
	}
	t.Skip("the system does not show the most memory of a process")
	return 0
}
