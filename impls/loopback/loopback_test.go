package loopback

import (
	"net"
	"testing"
)

// Ports that the system gives to outgoing connections are not among them: one of several
// servers did not start, since a connection had taken the port that it was told.
func TestPorts(t *testing.T) {
	seen := map[int]bool{}
	for range 50 {
		ports, err := Ports(4)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range ports {
			if p < lowest || p >= beforeTemporary() || seen[p] {
				t.Fatalf("got port %d, want a new one from %d to %d", p, lowest, beforeTemporary()-1)
			}
			seen[p] = true
		}
	}
}

func TestListenKeepsItsPort(t *testing.T) {
	l, err := Listen()
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := net.Listen("tcp", l.Addr().String()); err == nil {
		t.Errorf("a second listener got %s, too", l.Addr())
	}
}
