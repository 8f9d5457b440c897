package distlock

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/contendbench/contend/harness"
	"github.com/contendbench/contend/impls"
	locks "github.com/contendbench/contend/impls/distlock"
)

// names has one client hold many keys whose texts a careless encoding would change, cut
// off or take for one. Each key is its own lock.
var names = harness.Workload[locks.Backend]{
	Load: harness.Load{
		Name: "names", Turn: "round", About: "one client holds keys of all kinds of texts, and others try to get them",
		Params:    []harness.AnyParam{heldKeys, restTTLMs, slackMs},
		Probes:    []impls.Promise{locks.Fenced},
		Points:    harness.Points{Stress: []harness.Grid{harness.Over(harness.Within(heldKeys, 30, 80))}},
		Allocates: true, Takes: clientsTake,
	},
	Run:     rounds{play: (*group).playNames, alone: true}.run,
	Helpers: helpers,
}

var heldKeys = harness.Param[int]{
	Key: "keys", About: "keys that a client holds, 1 to 1000", Default: 30, Valid: harness.Between(1, 1000),
}

// oddKeys are texts that name files, subjects, paths or rows in other systems.
var oddKeys = []string{
	"", " ", "/", "//", ".", "..", "../k", "/k", "k/", "k", "K", "k ", " k", "a/b", "a b", "a_b", "a%2Fb", "a%2fb", "a.b",
	"a:b", "a*b", "a>b", "a\\b", "a\tb", "a\nb", "a\x00b", "a\x00c", "\x00", "\xff", "é", "e\u0301", "null", "0", "-1",
	strings.Repeat("k", 250), strings.Repeat("k", 251), strings.Repeat("k", 300), strings.Repeat("k", 300) + "2",
}

// texts returns n different keys.
func texts(rng *rand.Rand, n int) []string {
	seen := map[string]bool{}
	var keys []string
	for len(keys) < n {
		key := oddKeys[rng.IntN(len(oddKeys))]
		switch rng.IntN(4) {
		case 0: // long ones that differ at the end
			key = strings.Repeat(string(rune('a'+rng.IntN(2))), 1000) + fmt.Sprint(rng.IntN(1000))
		case 1: // any bytes
			text := make([]byte, 1+rng.IntN(20))
			for i := range text {
				text[i] = byte(rng.Uint32())
			}
			key = string(text)
		}
		if !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	return keys
}

// playNames is a round.
func (g *group) playNames() error {
	keys := texts(g.rng, heldKeys.Of(g.trial))
	held, err := g.getAll(g.a, keys)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := g.refused(g.b, key, time.Millisecond); err != nil {
			return err
		}
	}
	if err := g.freeOne(keys, held); err != nil {
		return err
	}
	for _, l := range held {
		if err := g.free(l); err != nil {
			return err
		}
	}
	if held, err = g.getAll(g.b, keys); err != nil {
		return err
	}
	var errs []error
	for _, l := range held {
		errs = append(errs, g.free(l))
	}
	return errors.Join(errs...)
}

// getAll acquires all keys for one client.
func (g *group) getAll(k locks.Client, keys []string) ([]locks.Lease, error) {
	var all []locks.Lease
	for _, key := range keys {
		l, err := g.get(k, key, g.ttl, g.slack)
		if err != nil {
			return nil, fmt.Errorf("for a client that holds %d other keys: %w", len(all), err)
		}
		all = append(all, l)
	}
	return all, nil
}

// freeOne releases one of the leases that a client holds, lets another client have that
// key, and acquires it again. The other leases must not notice.
func (g *group) freeOne(keys []string, held []locks.Lease) error {
	i := g.rng.IntN(len(keys))
	if err := g.free(held[i]); err != nil {
		return err
	}
	next, err := g.get(g.b, keys[i], g.ttl, g.slack)
	if err != nil {
		return err
	}
	other := keys[(i+1)%len(keys)]
	if err := errors.Join(g.follows(next, held[i]), g.refused(g.c, other, time.Millisecond), g.free(next)); err != nil {
		return fmt.Errorf("after the release of another key of the holder: %w", err)
	}
	held[i], err = g.get(g.a, keys[i], g.ttl, g.slack)
	return err
}
