package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/contendbench/contend/impls"
	"github.com/contendbench/contend/impls/loopback"
)

// Missing returns why a server cannot be started here, or nil.
func Missing() error {
	if _, err := find("postgres"); err != nil {
		return errors.New("needs PostgreSQL: scripts/servers.sh installs it (Debian: apt-get install postgresql)")
	}
	return nil
}

// find looks for a server program in the path, and in Debian's folders, one for each
// version.
func find(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err == nil {
		return path, nil
	}
	kept, globErr := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if globErr != nil || len(kept) == 0 {
		return "", errors.Join(err, globErr)
	}
	return slices.Max(kept), nil
}

// start makes a database and starts its server.
func start(ctx context.Context, host impls.Host, settings []string) (address string, server impls.Process, err error) {
	ports, err := loopback.Ports(1)
	if err != nil {
		return "", nil, err
	}
	as, err := runner(host.Dir())
	if err != nil {
		return "", nil, err
	}
	data, password := filepath.Join(host.Dir(), "data"), rand.Text()
	if err := initialize(ctx, as, data, password); err != nil {
		return "", nil, err
	}
	program, err := find("postgres")
	if err != nil {
		return "", nil, err
	}
	at := url.URL{
		Scheme: "postgres", User: url.UserPassword("contend", password), Host: fmt.Sprintf("127.0.0.1:%d", ports[0]),
		Path: "postgres", RawQuery: "sslmode=disable",
	}
	address = at.String()
	line := append(as, program, "-D", data,
		"-c", "listen_addresses=127.0.0.1", "-c", fmt.Sprintf("port=%d", ports[0]), "-c", "unix_socket_directories=",
		"-c", "max_connections=300",
		"-c", "dynamic_shared_memory_type=mmap", // in the data folder, which is removed
	)
	for _, s := range settings {
		line = append(line, "-c", s)
	}
	server, err = host.Start(ctx, impls.Program{
		Name: "postgres", Path: line[0], Argv: line[1:],
		Ready: func(ctx context.Context) error { return ping(ctx, address) },
	})
	return address, server, err
}

// initialize makes the database's files. The superuser contend has a password, because
// every user of this machine can reach the port.
func initialize(ctx context.Context, as []string, data, password string) error {
	program, err := find("initdb")
	if err != nil {
		return err
	}
	file := data + ".password"
	if err := os.WriteFile(file, []byte(password), 0o644); err != nil { // the folder is closed to others
		return err
	}
	line := append(as, program, "-D", data, "--no-sync", "-U", "contend", "-A", "scram-sha-256", "--pwfile="+file,
		"-E", "UTF8", "--locale=C", "--no-instructions")
	cmd := exec.CommandContext(ctx, line[0], line[1:]...)
	cmd.Dir = filepath.Dir(data)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

// runner is the start of the command lines. PostgreSQL does not run as root, so root
// gives dir, which stays closed to all others, to the user postgres or nobody. A killed
// server leaves a segment of shared memory behind, unless it has its own namespace.
func runner(dir string) ([]string, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return nil, err
	}
	if err := os.Chown(dir, uid, gid); err != nil {
		return nil, err
	}
	// A change of user clears the parent-death signal, so it is set again.
	line := []string{"setpriv", "--reuid=" + u.Uid, "--regid=" + u.Gid, "--clear-groups", "--pdeathsig=KILL"}
	if exec.Command("unshare", "--ipc", "true").Run() == nil {
		line = append([]string{"unshare", "--ipc"}, line...)
	}
	if line[0], err = exec.LookPath(line[0]); err != nil {
		return nil, err
	}
	return slices.Clip(line), nil
}

func ping(ctx context.Context, address string) error {
	c, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	return errors.Join(c.Ping(ctx), c.Close(ctx))
}
