package etcd

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"go.etcd.io/etcd/server/v3/embed"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/loopback"
)

// maxTxnOps is how many reads or writes a transaction may have. The default is 128.
const maxTxnOps = 1 << 14

// node is what the process of a server is told.
type node struct {
	Name    string `json:"name"`
	Dir     string `json:"dir"`
	Client  string `json:"client"` // addresses
	Peer    string `json:"peer"`
	Members string `json:"members"` // all, as name=url,…
	Single  bool   `json:"single"`
}

// start starts n servers, each in a process of its own.
func start(ctx context.Context, host impls.Host, n int) (addresses []string, nodes []impls.Process, err error) {
	ports, err := loopback.Ports(2 * n)
	if err != nil {
		return nil, nil, err
	}
	var members []string
	for i := range n {
		members = append(members, fmt.Sprintf("etcd-%d=http://127.0.0.1:%d", i, ports[n+i]))
	}
	for i := range n {
		s := node{
			Name: fmt.Sprintf("etcd-%d", i), Members: strings.Join(members, ","), Single: n == 1,
			Client: fmt.Sprintf("http://127.0.0.1:%d", ports[i]), Peer: fmt.Sprintf("http://127.0.0.1:%d", ports[n+i]),
		}
		s.Dir = filepath.Join(host.Dir(), s.Name)
		p, err := host.Start(ctx, impls.Program{Name: s.Name, Entry: impls.ServerEntry, Args: s})
		if err != nil {
			return nil, nil, err
		}
		nodes = append(nodes, p)
		addresses = append(addresses, s.Client)
	}
	return addresses, nodes, nil
}

// serve is a server's process. A single server is ready when it serves. One of several is
// ready when it listens, because it must wait for the others.
func serve(ctx context.Context, args json.RawMessage, ready func(string) error) error {
	var n node
	if err := json.Unmarshal(args, &n); err != nil {
		return err
	}
	client, err := url.Parse(n.Client)
	if err != nil {
		return err
	}
	peer, err := url.Parse(n.Peer)
	if err != nil {
		return err
	}
	c := embed.NewConfig()
	c.Name, c.Dir, c.InitialCluster = n.Name, n.Dir, n.Members
	c.ListenClientUrls, c.AdvertiseClientUrls = []url.URL{*client}, []url.URL{*client}
	c.ListenPeerUrls, c.AdvertisePeerUrls = []url.URL{*peer}, []url.URL{*peer}
	c.MaxTxnOps = maxTxnOps
	c.LogLevel, c.LogOutputs = "warn", []string{"stderr"}
	e, err := embed.StartEtcd(c)
	if err != nil {
		return err
	}
	defer e.Close()
	if n.Single {
		select {
		case <-e.Server.ReadyNotify():
		case err := <-e.Err():
			return err
		case <-ctx.Done():
			return nil
		}
	}
	if err := ready(n.Client); err != nil {
		return err
	}
	select {
	case err := <-e.Err():
		return err
	case <-ctx.Done():
		return nil
	}
}
