package actor_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/actor"
	"github.com/contendbench/contend/impls/implstest"
	"github.com/contendbench/contend/results"
)

// remoteSuite is every remoting under a load that calls test within a trial, where there
// is a Host.
func remoteSuite(test func(actor.Backend, impls.Cluster)) harness.Suite {
	load := harness.Workload[actor.Backend]{
		Load: harness.Load{Name: "suite", Turn: "test"},
		Run: func(trial *harness.Trial, b actor.Backend) error {
			host, err := trial.Host()
			if err != nil {
				return err
			}
			c, err := b.Start(trial.Context, host)
			if err != nil {
				return err
			}
			test(b, c)
			return c.Close()
		},
		Helpers: map[string]harness.HelperFunc[actor.Backend]{
			impls.ServerEntry: func(h *harness.Helper, b actor.Backend, args json.RawMessage) error {
				return b.Serve(h.Context, args, func(address string) error { return h.Ready(address) })
			},
		},
	}
	about := harness.About{Pattern: "actor model", Contract: "actor"}
	return harness.NewSuite(about, harness.Under(actor.Remotes(), load))
}

// eachService runs test with a node in another process, for every remoting.
func eachService(t *testing.T, test func(stage, actor.Node, impls.Cluster)) {
	t.Helper()
	implstest.Each(t, actor.Remotes(), func(t *testing.T, i impls.Impl[actor.Backend]) {
		ran := false
		all := remoteSuite(func(b actor.Backend, c impls.Cluster) {
			ran = true
			n := node(t, b, actor.NodeConfig{Messages: actor.Served()})
			test(stage{t, n}, n, c)
			n.Close()
		})
		spec := harness.Spec{Cell: results.Cell{Contract: "actor", Work: "suite", Impl: i.Name}, NoProbe: true}
		_, err := harness.Execute(t.Context(), []harness.Suite{all}, spec)
		if !ran || err != nil && !errors.Is(err, harness.ErrUnknown) { // it has no worker that could start a turn
			t.Error(err)
		}
	}, actor.Remote)
}

func node(t *testing.T, b actor.Backend, c actor.NodeConfig) actor.Node {
	t.Helper()
	n, err := b.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// resolve returns the Ref of an actor.
func resolve(t *testing.T, n actor.Node, address, name string) actor.Ref {
	t.Helper()
	r, err := n.Resolve(t.Context(), "actor://"+address+"/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// An actor in another process has the same Ref: messages arrive once and in order.
func TestAnotherProcess(t *testing.T) {
	eachService(t, func(s stage, n actor.Node, c impls.Cluster) {
		echo, tally := resolve(s.t, n, c.Endpoint(), actor.EchoName), resolve(s.t, n, c.Endpoint(), actor.TallyName)
		for _, m := range []any{1, "text", actor.Numbered{Sender: 1, Seq: 2}} {
			if got := s.asks(echo, m); got != m {
				s.t.Errorf("got %v from the echo, want %v", got, m)
			}
		}
		const messages = 5000
		for seq := range messages {
			s.tells(tally, actor.Numbered{Seq: seq}, true)
		}
		got := s.asks(tally, actor.Report{})
		want := actor.Tally{Pid: c.Nodes()[0].Pid(), Handled: messages}
		if got != want {
			s.t.Errorf("got %+v, want %+v", got, want)
		}
		if want.Pid == os.Getpid() {
			s.t.Error("got this process, want another one")
		}
		tally.Stop()
		s.ends(tally)
		s.tells(tally, actor.Numbered{}, false)
		if _, err := tally.Ask(s.t.Context(), actor.Report{}); !errors.Is(err, actor.ErrStopped) {
			s.t.Errorf("got %v from Ask of an actor that has stopped, want ErrStopped", err)
		}
	})
}

// A node connects again after the other process was killed and restarted. An Ask in
// between fails.
func TestReconnects(t *testing.T) {
	eachService(t, func(s stage, n actor.Node, c impls.Cluster) {
		echo := resolve(s.t, n, c.Endpoint(), actor.EchoName)
		s.asks(echo, 1)
		process := c.Nodes()[0]
		if err := process.Kill(); err != nil {
			s.t.Fatal(err)
		}
		if _, err := echo.Ask(s.t.Context(), 2); !errors.Is(err, actor.ErrUnreachable) {
			s.t.Errorf("got %v from Ask of a process that is gone, want ErrUnreachable", err)
		}
		if err := process.Restart(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
		start := time.Now()
		for {
			reply, err := echo.Ask(s.t.Context(), 3)
			if err == nil && reply == 3 {
				return
			}
			if !errors.Is(err, actor.ErrUnreachable) || time.Since(start) > long {
				s.t.Fatalf("got %v, %v from Ask after a restart, want 3", reply, err)
			}
			time.Sleep(time.Millisecond)
		}
	})
}

// A paused process holds an Ask up until its context ends.
func TestAskOfAPausedProcess(t *testing.T) {
	eachService(t, func(s stage, n actor.Node, c impls.Cluster) {
		echo := resolve(s.t, n, c.Endpoint(), actor.EchoName)
		s.asks(echo, 1)
		if err := c.Nodes()[0].Pause(); err != nil {
			s.t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(s.t.Context(), soon)
		defer cancel()
		if _, err := echo.Ask(ctx, 2); !errors.Is(err, context.DeadlineExceeded) {
			s.t.Errorf("got %v from Ask, want the context's error", err)
		}
		if err := c.Nodes()[0].Resume(); err != nil {
			s.t.Fatal(err)
		}
		if got := s.asks(echo, 3); got != 3 {
			s.t.Errorf("got %v after the pause, want 3", got)
		}
	})
}

// Only processes of this machine can reach a node.
func TestNodesListenOnLoopback(t *testing.T) {
	eachService(t, func(s stage, _ actor.Node, c impls.Cluster) {
		addresses := implstest.Listening(s.t, strconv.Itoa(c.Nodes()[0].Pid()))
		if len(addresses) == 0 {
			s.t.Error("got a node that does not listen, want one address")
		}
		for _, a := range addresses {
			if !a.IP.IsLoopback() {
				s.t.Errorf("got a node that listens at %v, want only loopback", &a)
			}
		}
	})
}

// pair runs test with two nodes of this process, for every remoting. No goroutine may be
// left when they are closed.
func pair(t *testing.T, c actor.NodeConfig, test func(s stage, b actor.Backend, here, there actor.Node)) {
	t.Helper()
	implstest.Each(t, actor.Remotes(), func(t *testing.T, i impls.Impl[actor.Backend]) {
		before := goleak.IgnoreCurrent()
		here, there := node(t, i.New, actor.NodeConfig{Messages: c.Messages}), node(t, i.New, c)
		test(stage{t, there}, i.New, here, there)
		here.Close()
		there.Close()
		goleak.VerifyNone(t, before)
	}, actor.Remote)
}

func TestNotLoopback(t *testing.T) {
	pair(t, actor.NodeConfig{}, func(s stage, b actor.Backend, here, _ actor.Node) {
		for _, address := range []string{"0.0.0.0:0", "[::]:0", "192.0.2.1:80", "localhost:0", "", "127.0.0.1"} {
			if address != "" {
				if n, err := b.New(actor.NodeConfig{Listen: address}); err == nil {
					s.t.Errorf("got a node that listens at %s, want an error", address)
					n.Close()
				}
			}
			if _, err := here.Resolve(s.t.Context(), "actor://"+address+"/echo"); err == nil {
				s.t.Errorf("got an actor at %q, want an error", address)
			}
		}
	})
}

func TestURLs(t *testing.T) {
	pair(t, actor.NodeConfig{}, func(s stage, _ actor.Backend, here, there actor.Node) {
		r := s.spawn(func(c actor.Context, m any) { c.Reply(m) })
		url, err := there.Register("an actor/with a path", r)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, n := range []actor.Node{here, there} {
			found, err := n.Resolve(s.t.Context(), url)
			if err != nil {
				s.t.Fatal(err)
			}
			if got := s.asks(found, 1); got != 1 {
				s.t.Errorf("got %v, want 1", got)
			}
		}
		if _, err := there.Register("an actor/with a path", s.spawn(func(actor.Context, any) {})); err == nil {
			s.t.Error("got no error from Register of a name in use, want one")
		}
		if _, err := here.Register("foreign", r); err == nil {
			s.t.Error("got no error from Register of an actor of another node, want one")
		}
		for _, wrong := range []string{"", "http://" + there.Address() + "/x", "actor://" + there.Address()} {
			if _, err := here.Resolve(s.t.Context(), wrong); err == nil {
				s.t.Errorf("got no error from Resolve(%q), want one", wrong)
			}
		}
	})
}

// An actor without a name has stopped, as far as another node knows.
func TestNoSuchActor(t *testing.T) {
	pair(t, actor.NodeConfig{}, func(s stage, _ actor.Backend, here, there actor.Node) {
		r := resolve(s.t, here, there.Address(), "nothing")
		s.tells(r, 1, true)
		if _, err := r.Ask(s.t.Context(), 1); !errors.Is(err, actor.ErrStopped) {
			s.t.Errorf("got %v from Ask, want ErrStopped", err)
		}
		s.dead(1)
		s.ends(r)
		s.tells(r, 1, false)
	})
}

type unlisted struct{ A int }

// What cannot be sent is refused by the sender, and harms no later message.
func TestMessagesThatCannotBeSent(t *testing.T) {
	echo := map[string]actor.Props{"echo": props(func(c actor.Context, m any) {
		if m == "unlisted" {
			c.Reply(unlisted{})
			return
		}
		if m == "long" {
			c.Reply(strings.Repeat("x", 2<<20))
			return
		}
		c.Reply(m)
	})}
	pair(t, actor.NodeConfig{Actors: echo}, func(s stage, _ actor.Backend, here, there actor.Node) {
		r := resolve(s.t, here, there.Address(), "echo")
		for _, m := range []any{unlisted{1}, nil, strings.Repeat("x", 2<<20), func() {}} {
			if r.Tell(m) {
				s.t.Errorf("got true from Tell of a %T, want false", m)
			}
			if reply, err := r.Ask(s.t.Context(), m); err == nil {
				s.t.Errorf("got %v from Ask of a %T, want an error", reply, m)
			}
		}
		for _, m := range []any{"unlisted", "long"} {
			if reply, err := r.Ask(s.t.Context(), m); err == nil {
				s.t.Errorf("got %.20v from Ask(%v), want an error", reply, m)
			}
		}
		if got := s.asks(r, "fine"); got != "fine" {
			s.t.Errorf("got %v, want fine", got)
		}
	})
}

// Damaged frames break their connection, and no other.
func TestDamagedFrames(t *testing.T) {
	echo := map[string]actor.Props{"echo": props(func(c actor.Context, m any) { c.Reply(m) })}
	pair(t, actor.NodeConfig{Actors: echo}, func(s stage, _ actor.Backend, here, there actor.Node) {
		r := resolve(s.t, here, there.Address(), "echo")
		for _, text := range []string{
			"\xff\xff\xff\xff", "\x00\x00\x00\x00", "\x00\x00\x00\x01\x7f", "\x00\x00\x00\x01\x01",
			"\x00\x00\x00\x05\x01\x00\xff\xff\x7f", "\x00\x00\x00\x04\x06\x00\x00\x00", "GET / HTTP/1.1\r\n\r\n",
		} {
			c, err := net.Dial("tcp", there.Address())
			if err != nil {
				s.t.Fatal(err)
			}
			if _, err := io.WriteString(c, text); err != nil {
				s.t.Fatal(err)
			}
			if err := c.SetReadDeadline(time.Now().Add(long)); err != nil {
				s.t.Fatal(err)
			}
			if _, err := bufio.NewReader(c).ReadByte(); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
				s.t.Errorf("got %v after %q, want a connection that breaks", err, text)
			}
			c.Close()
		}
		if got := s.asks(r, 1); got != 1 {
			s.t.Errorf("got %v by another connection, want 1", got)
		}
	})
}

// Stop and Done work from another node, and Close ends what waits.
func TestCloseOfAnotherNode(t *testing.T) {
	waits := map[string]actor.Props{"waits": props(func(actor.Context, any) {})}
	pair(t, actor.NodeConfig{Actors: waits}, func(s stage, _ actor.Backend, here, there actor.Node) {
		r := resolve(s.t, here, there.Address(), "waits")
		result := make(chan error, 1)
		go func() {
			_, err := r.Ask(context.Background(), 1)
			result <- err
		}()
		done := r.Done()
		time.Sleep(soon)
		there.Close()
		if err := <-result; !errors.Is(err, actor.ErrStopped) && !errors.Is(err, actor.ErrUnreachable) {
			s.t.Errorf("got %v from an Ask of a node that closes, want ErrStopped or ErrUnreachable", err)
		}
		select {
		case <-done: // it was told before the connection broke
		case <-time.After(soon):
		}
		if _, err := here.Resolve(s.t.Context(), "actor://127.0.0.1:1/nothing"); err == nil {
			s.t.Error("got an actor where no node listens, want an error")
		}
	})
}

func BenchmarkRemotePingPong(b *testing.B) {
	for _, i := range actor.Remotes() {
		b.Run(i.Name, func(b *testing.B) {
			there, err := i.New.New(actor.NodeConfig{Actors: map[string]actor.Props{
				"echo": props(func(c actor.Context, m any) { c.Reply(m) }),
			}})
			if err != nil {
				b.Fatal(err)
			}
			defer there.Close()
			here, err := i.New.New(actor.NodeConfig{})
			if err != nil {
				b.Fatal(err)
			}
			defer here.Close()
			r, err := here.Resolve(b.Context(), "actor://"+there.Address()+"/echo")
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := r.Ask(b.Context(), 1); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
