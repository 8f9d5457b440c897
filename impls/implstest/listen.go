package implstest

import (
	"encoding/hex"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Listening returns the TCP addresses at which a process listens. It skips the test where
// the system does not show them.
func Listening(t *testing.T, pid string) (addresses []net.TCPAddr) {
	t.Helper()
	proc := filepath.Join("/proc", pid)
	files, err := os.ReadDir(filepath.Join(proc, "fd"))
	if err != nil {
		t.Skipf("the system does not show the files of a process: %v", err)
	}
	var sockets []string
	for _, f := range files {
		if link, err := os.Readlink(filepath.Join(proc, "fd", f.Name())); err == nil { // it may be closed by now
			sockets = append(sockets, link)
		}
	}
	for _, table := range []string{"tcp", "tcp6"} {
		text, err := os.ReadFile(filepath.Join(proc, "net", table))
		if err != nil {
			t.Skipf("the system does not show the sockets of a process: %v", err)
		}
		for line := range strings.Lines(string(text)) {
			f := strings.Fields(line)
			if len(f) < 10 || f[3] != listenState || !slices.Contains(sockets, "socket:["+f[9]+"]") {
				continue
			}
			addresses = append(addresses, parseAddress(t, f[1]))
		}
	}
	return addresses
}

// listenState is that of a socket that listens, in /proc/net/tcp.
const listenState = "0A"

// parseAddress reads an address of /proc/net/tcp: words in the machine's order, which is
// little-endian on all machines that contend runs on, and a port.
func parseAddress(t *testing.T, text string) net.TCPAddr {
	t.Helper()
	host, port, _ := strings.Cut(text, ":")
	ip, err := hex.DecodeString(host)
	if err != nil {
		t.Fatalf("reading the address %q: %v", text, err)
	}
	for word := range slices.Chunk(ip, 4) {
		slices.Reverse(word)
	}
	n, err := hex.DecodeString(port)
	if err != nil || len(n) != 2 {
		t.Fatalf("reading the address %q: %v", text, err)
	}
	return net.TCPAddr{IP: ip, Port: int(n[0])<<8 | int(n[1])}
}
