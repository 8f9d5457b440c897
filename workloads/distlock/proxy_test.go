package distlock

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"testing"
	"time"
)

// echoing is a server that sends lines back, behind a proxy.
func echoing(t *testing.T) (*proxy, string) {
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
	p, endpoint, err := throughProxy("echo://" + l.Addr().String() + "/path")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	var port int
	if _, err := fmt.Sscanf(endpoint, "echo://127.0.0.1:%d/path", &port); err != nil {
		t.Fatalf("the endpoint is %q now: %v", endpoint, err)
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

// says sends a line.
func (l line) says(text string) {
	l.t.Helper()
	if _, err := fmt.Fprintln(l, text); err != nil {
		l.t.Fatal(err)
	}
}

// hears reads a line within a time.
func (l line) hears(within time.Duration) (string, error) {
	l.t.Helper()
	if err := l.SetReadDeadline(time.Now().Add(within)); err != nil {
		l.t.Fatal(err)
	}
	return l.in.ReadString('\n')
}

const (
	patience = 20 * time.Second
	silence  = 30 * time.Millisecond
)

// What a direction that stops keeps back arrives whole, and in order, when it goes on.
func TestAProxyStopsAndGoesOn(t *testing.T) {
	for name, stop := range map[string]func(*proxy){
		"requests": func(p *proxy) { p.requests.shut() },
		"replies":  func(p *proxy) { p.replies.shut() },
	} {
		t.Run(name, func(t *testing.T) {
			p, address := echoing(t)
			c := connected(t, address)
			c.says("one")
			if got, err := c.hears(patience); got != "one\n" {
				t.Fatalf("%q, %v", got, err)
			}
			stop(p)
			c.says("two")
			c.says("three")
			if got, err := c.hears(silence); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatalf("through a way that is cut came %q, %v", got, err)
			}
			p.heal()
			for _, want := range []string{"two\n", "three\n"} {
				if got, err := c.hears(patience); got != want {
					t.Fatalf("%q, %v", got, err)
				}
			}
		})
	}
}

func TestAProxyRefuses(t *testing.T) {
	p, address := echoing(t)
	c := connected(t, address)
	c.says("one")
	if _, err := c.hears(patience); err != nil {
		t.Fatal(err)
	}
	p.refuse()
	if _, err := c.hears(patience); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a connection that was closed: %v", err)
	}
	if _, err := connected(t, address).hears(patience); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a new connection: %v", err)
	}
	p.heal()
	c = connected(t, address)
	c.says("again")
	if got, err := c.hears(patience); got != "again\n" {
		t.Errorf("after it has healed: %q, %v", got, err)
	}
}

func TestNothingToStandBefore(t *testing.T) {
	if _, _, err := throughProxy("/a/folder"); err == nil {
		t.Error("a folder got a proxy")
	}
}
