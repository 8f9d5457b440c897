package faults

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/contendbench/contend/harness"
)

// echoing starts a server that sends lines back, behind a proxy.
func echoing(t *testing.T) (*Proxy, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = io.Copy(c, c)
			}()
		}
	}()
	p, err := NewProxy("echo://" + l.Addr().String() + "/path")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	var port int
	if _, err := fmt.Sscanf(p.Endpoint(), "echo://127.0.0.1:%d/path", &port); err != nil {
		t.Fatalf("got endpoint %q, want echo://127.0.0.1:port/path: %v", p.Endpoint(), err)
	}
	return p, fmt.Sprintf("127.0.0.1:%d", port)
}

// line is a connection on which lines come back.
type line struct {
	t *testing.T
	net.Conn
	in *bufio.Reader
}

func connected(t *testing.T, address string) line {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return line{t, c, bufio.NewReader(c)}
}

// sends sends a line.
func (l line) sends(text string) {
	l.t.Helper()
	if _, err := fmt.Fprintln(l, text); err != nil {
		l.t.Fatal(err)
	}
}

// receive reads a line within a time.
func (l line) receive(within time.Duration) (string, error) {
	l.t.Helper()
	if err := l.SetReadDeadline(time.Now().Add(within)); err != nil {
		l.t.Fatal(err)
	}
	return l.in.ReadString('\n')
}

// receives expects a line.
func (l line) receives(want string) {
	l.t.Helper()
	if got, err := l.receive(patience); got != want {
		l.t.Fatalf("got %q, %v, want %q", got, err, want)
	}
}

const (
	patience = 20 * time.Second
	silence  = 30 * time.Millisecond
)

// What a stopped direction holds back arrives complete and in order once it is healed.
func TestAProxyHoldsBack(t *testing.T) {
	for _, what := range []string{Requests, Replies, Both} {
		t.Run(what, func(t *testing.T) {
			p, address := echoing(t)
			c := connected(t, address)
			c.sends("one")
			c.receives("one\n")
			if err := p.Cut(what); err != nil {
				t.Fatal(err)
			}
			c.sends("two")
			c.sends("three")
			if got, err := c.receive(silence); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatalf("through a path that is cut: got %q, %v, want %v", got, err, os.ErrDeadlineExceeded)
			}
			p.Heal()
			c.receives("two\n")
			c.receives("three\n")
		})
	}
}

func TestAProxyCloses(t *testing.T) {
	p, address := echoing(t)
	c := connected(t, address)
	c.sends("one")
	c.receives("one\n")
	if err := p.Cut(Closed); err != nil {
		t.Fatal(err)
	}
	if _, err := c.receive(patience); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a closed connection: got %v, want its end", err)
	}
	if _, err := connected(t, address).receive(patience); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a new connection: got %v, want its end", err)
	}
	p.Heal()
	c = connected(t, address)
	c.sends("again")
	c.receives("again\n")
}

func TestAProxyNeedsAnAddress(t *testing.T) {
	for _, endpoint := range []string{"/a/folder", "redis://user:secret@db.example:6379"} {
		var skip *harness.SkipError
		if _, err := NewProxy(endpoint); !errors.As(err, &skip) || strings.Contains(skip.Reason, "secret") {
			t.Errorf("a proxy in front of %s: got %v, want a harness.SkipError that does not repeat it", endpoint, err)
		}
	}
}

func TestAProxyKnowsItsCuts(t *testing.T) {
	p, _ := echoing(t)
	if err := p.Cut("wire"); err == nil {
		t.Error("an unknown cut: got no error, want one")
	}
}
