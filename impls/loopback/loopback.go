// Package loopback finds ports on 127.0.0.1 for servers that must know theirs before they
// listen, or must find the same one free after a restart. No outgoing connection takes
// such a port by chance, as it may take one that the system chose.
package loopback

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"syscall"
)

const (
	lowest = 10_000
	// firstTemporary is where the ports begin that Linux gives to outgoing connections and
	// to listeners without a port of their own. Other systems begin at 49,152.
	firstTemporary = 32_768
	// tries bounds the search for one port.
	tries = 1000
)

var (
	mu    sync.Mutex
	given = map[int]bool{} // in this process
)

// Ports returns n different ports on which nothing listens. A process gets no port twice.
func Ports(n int) ([]int, error) {
	ports := make([]int, 0, n)
	for range n {
		l, err := Listen()
		if err != nil {
			return nil, err
		}
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
		if err := l.Close(); err != nil {
			return nil, err
		}
	}
	return ports, nil
}

// Listen listens on a port that Ports may return. The caller closes the listener.
func Listen() (net.Listener, error) {
	mu.Lock()
	defer mu.Unlock()
	end := beforeTemporary()
	for range tries {
		p := lowest + rand.IntN(end-lowest)
		if given[p] {
			continue
		}
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", p))
		if errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, syscall.EACCES) {
			continue
		}
		given[p] = true
		return l, err
	}
	return nil, fmt.Errorf("%d ports of 127.0.0.1 from %d to %d are in use", tries, lowest, end-1)
}

// beforeTemporary returns the first port of the system's temporary range. If that range
// leaves too few ports, it returns the usual one.
func beforeTemporary() int {
	text, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range")
	if err != nil {
		return firstTemporary // not Linux
	}
	var low, high int
	if _, err := fmt.Sscan(string(text), &low, &high); err != nil || low < lowest+tries {
		return firstTemporary
	}
	return min(low, firstTemporary)
}
