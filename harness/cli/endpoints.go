package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/contendbench/contend/harness/rounds"
	"github.com/contendbench/contend/results"
)

// endpointsEnv is the variable with addresses of the user's own servers, as --endpoints
// has them.
const endpointsEnv = "CONTEND_ENDPOINTS"

// maxEndpoints bounds a file with addresses, in bytes.
const maxEndpoints = 1 << 20

// allEndpoints returns the addresses of the user's own servers, by name: those of the
// command line, of the files that it names, and of the environment. Passwords are refused
// on the command line, which others can see and run.json records.
func allEndpoints(given, names []string) (map[string]string, error) {
	var lines []string
	for _, text := range given {
		file, named := strings.CutPrefix(text, "@")
		if !named {
			if len(results.Secrets(text)) > 0 {
				return nil, fmt.Errorf("--endpoints %q: it has a password, which others can see and run.json records: "+
					"put the address into a file (--endpoints @FILE) or into %s", results.Masked(text), endpointsEnv)
			}
			lines = append(lines, text)
			continue
		}
		content, err := results.ReadRegular(file, maxEndpoints)
		if err != nil {
			return nil, fmt.Errorf("--endpoints @FILE: %w", err)
		}
		lines = append(lines, strings.Split(string(content), "\n")...)
	}
	lines = append(lines, os.Getenv(endpointsEnv))
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.TrimSpace(line) == "" })
	return endpoints(lines, names)
}

// endpoints parses name=address,address,name=address. A part without a name belongs to
// the name before it.
func endpoints(given, names []string) (map[string]string, error) {
	found := map[string]string{}
	for _, text := range given {
		name := ""
		for _, part := range strings.Split(strings.TrimSpace(text), ",") {
			address := part
			if before, after, ok := strings.Cut(part, "="); ok && isName(before) {
				name, address = before, after
				if !slices.Contains(names, name) {
					return nil, endpointError(text, fmt.Errorf("unknown server %q; %s", name, rounds.Nearest(name, names)))
				}
			}
			if name == "" || address == "" {
				return nil, endpointError(text, errors.New("want name=address, such as etcd=127.0.0.1:2379"))
			}
			if found[name] != "" {
				address = found[name] + "," + address
			}
			found[name] = address
		}
	}
	return found, nil
}

func endpointError(text string, err error) error {
	return fmt.Errorf("--endpoints %q: %w", results.Masked(text), err)
}

func isName(text string) bool {
	return text != "" && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz") == ""
}
