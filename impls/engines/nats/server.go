package nats

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/loopback"
)

// node is what the process of a server is told.
type node struct {
	Name   string   `json:"name"`
	Dir    string   `json:"dir"`
	Port   int      `json:"port"`
	Inner  int      `json:"inner"`  // port for the other servers
	Routes []string `json:"routes"` // to all servers; none: it is the only one
}

// start starts n servers, each in a process of its own.
func start(ctx context.Context, host impls.Host, n int) (addresses []string, nodes []impls.Process, err error) {
	ports, err := loopback.Ports(2 * n)
	if err != nil {
		return nil, nil, err
	}
	var routes []string
	for i := range n {
		if n > 1 {
			routes = append(routes, fmt.Sprintf("nats://127.0.0.1:%d", ports[n+i]))
		}
	}
	for i := range n {
		s := node{Name: fmt.Sprint(namePrefix, i), Port: ports[i], Inner: ports[n+i], Routes: routes}
		s.Dir = filepath.Join(host.Dir(), s.Name)
		p, err := host.Start(ctx, impls.Program{Name: s.Name, Entry: impls.ServerEntry, Args: s})
		if err != nil {
			return nil, nil, err
		}
		nodes = append(nodes, p)
		addresses = append(addresses, fmt.Sprintf("nats://127.0.0.1:%d", s.Port))
	}
	return addresses, nodes, nil
}

// namePrefix and its index make a server's name.
const namePrefix = "nats-"

// listenTime is how long a server may take to listen.
const listenTime = 10 * time.Second

// serve is a server's process.
func serve(ctx context.Context, args json.RawMessage, ready func(string) error) error {
	var n node
	if err := json.Unmarshal(args, &n); err != nil {
		return err
	}
	o := &server.Options{
		ServerName: n.Name, Host: "127.0.0.1", Port: n.Port, JetStream: true, StoreDir: n.Dir, NoSigs: true,
	}
	if len(n.Routes) > 0 {
		// A client must keep to the addresses that it was given: one of them may lead
		// through a proxy.
		o.Cluster = server.ClusterOpts{Name: "contend", Host: "127.0.0.1", Port: n.Inner, NoAdvertise: true}
		for _, r := range n.Routes {
			u, err := url.Parse(r)
			if err != nil {
				return err
			}
			o.Routes = append(o.Routes, u)
		}
	}
	s, err := server.NewServer(o)
	if err != nil {
		return err
	}
	s.ConfigureLogger()
	s.Start()
	defer s.Shutdown()
	if !s.ReadyForConnections(listenTime) {
		return fmt.Errorf("starting a NATS server: it does not listen after %v", listenTime)
	}
	if err := ready(s.ClientURL()); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}
