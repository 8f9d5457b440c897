package serializable

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// outcomes are the names of the outcomes in the text format.
var outcomes = [...]string{Committed: "committed", Aborted: "aborted", Unknown: "unknown"}

// letters is the key that is called "a". The 26 highest keys have the letters as names.
const letters = math.MaxUint64 - 25

// keyName returns the key as the text format writes it.
func keyName(key uint64) string {
	if key >= letters {
		return string(rune('a' + key - letters))
	}
	return strconv.FormatUint(key, 10)
}

func parseKey(s string) (uint64, error) {
	if len(s) == 1 && s[0] >= 'a' && s[0] <= 'z' {
		return letters + uint64(s[0]-'a'), nil
	}
	return parseNumber("key", s)
}

func parseNumber(what, s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s %q: %w", what, s, err)
	}
	return n, nil
}

// String returns the transaction on a line that Parse reads.
func (t Transaction) String() string {
	var b strings.Builder
	b.WriteString(t.Name)
	if t.Client != 0 {
		fmt.Fprintf(&b, "@%d", t.Client)
	}
	fmt.Fprintf(&b, " %d..%d %s:", t.Begin, t.End, outcomes[t.Outcome])
	for _, op := range t.Ops {
		b.WriteString(" " + op.String())
	}
	return b.String()
}

// String returns the operation as Parse reads it.
func (o Op) String() string {
	switch o.Kind {
	case Append:
		return fmt.Sprintf("a(%s %d)", keyName(o.Key), o.Value)
	case Read:
		return fmt.Sprintf("r(%s: %s)", keyName(o.Key), numbers(o.List))
	default:
		var b strings.Builder
		fmt.Fprintf(&b, "s(%s..%s:", keyName(o.Key), keyName(o.Last))
		for _, l := range o.Lists {
			fmt.Fprintf(&b, " %s[%s]", keyName(l.Key), numbers(l.Values))
		}
		return b.String() + ")"
	}
}

func numbers(list []uint64) string {
	return strings.Trim(fmt.Sprint(list), "[]")
}

// Parse reads a history in text, one transaction a line. Empty lines and those that start
// with # are skipped. For example:
//
//	# write skew
//	T1 0..5 committed: r(x: ) r(y: 7 8) a(x 1)
//	T2@3 1..6 aborted: s(a..z: x[1] y[7 8]) a(y 2)
//
// A line has the transaction's name, its client if that is not 0, the times when it began
// and ended, its outcome and its operations: r is a read of the list of a key, a an append
// of a number to it, and s a scan of the keys of a range, with the lists that it saw. A
// key is a number, or a letter for one of the 26 highest.
func Parse(text string) ([]Transaction, error) {
	var h []Transaction
	names := map[string]bool{}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		t, err := parseTransaction(line)
		if err != nil {
			return nil, fmt.Errorf("parsing line %d: %w", i+1, err)
		}
		if names[t.Name] {
			return nil, fmt.Errorf("parsing line %d: a second transaction %s", i+1, t.Name)
		}
		names[t.Name] = true
		h = append(h, t)
	}
	return h, nil
}

func parseTransaction(line string) (t Transaction, err error) {
	head, body, ok := strings.Cut(line, ":")
	words := strings.Fields(head)
	if !ok || len(words) != 3 {
		return t, fmt.Errorf("%q: want name begin..end outcome: operations", line)
	}
	name, client, ok := strings.Cut(words[0], "@")
	t.Name = name
	if ok {
		if t.Client, err = strconv.Atoi(client); err != nil {
			return t, fmt.Errorf("client %q: %w", client, err)
		}
	}
	begin, end, ok := strings.Cut(words[1], "..")
	if !ok || name == "" {
		return t, fmt.Errorf("%q: want name begin..end outcome: operations", line)
	}
	if t.Begin, err = strconv.ParseInt(begin, 10, 64); err != nil {
		return t, fmt.Errorf("begin %q: %w", begin, err)
	}
	if t.End, err = strconv.ParseInt(end, 10, 64); err != nil {
		return t, fmt.Errorf("end %q: %w", end, err)
	}
	if t.Outcome, err = parseOutcome(words[2]); err != nil {
		return t, err
	}
	t.Ops, err = parseOps(body)
	return t, err
}

func parseOutcome(s string) (Outcome, error) {
	for o, name := range outcomes {
		if s == name {
			return Outcome(o), nil
		}
	}
	return 0, fmt.Errorf("outcome %q: want committed, aborted or unknown", s)
}

func parseOps(body string) (ops []Op, err error) {
	for body = strings.TrimSpace(body); body != ""; body = strings.TrimSpace(body) {
		one, rest, ok := strings.Cut(body, ")")
		kind, inside, opened := strings.Cut(one, "(")
		if !ok || !opened {
			return nil, fmt.Errorf("operation %q: want r(key: list), a(key number) or s(key..key: lists)", body)
		}
		var op Op
		switch kind {
		case "a":
			op, err = parseAppend(inside)
		case "r":
			op, err = parseRead(inside)
		case "s":
			op, err = parseScan(inside)
		default:
			err = fmt.Errorf("kind %q: want r, a or s", kind)
		}
		if err != nil {
			return nil, fmt.Errorf("operation %q: %w", one+")", err)
		}
		ops, body = append(ops, op), rest
	}
	return ops, nil
}

func parseAppend(inside string) (op Op, err error) {
	words := strings.Fields(inside)
	if len(words) != 2 {
		return op, fmt.Errorf("%d words, want key number", len(words))
	}
	op.Kind = Append
	if op.Key, err = parseKey(words[0]); err != nil {
		return op, err
	}
	op.Value, err = parseNumber("number", words[1])
	return op, err
}

func parseRead(inside string) (op Op, err error) {
	key, list, _ := strings.Cut(inside, ":")
	op.Kind = Read
	if op.Key, err = parseKey(key); err != nil {
		return op, err
	}
	op.List, err = parseList(list)
	return op, err
}

func parseList(s string) (list []uint64, err error) {
	for _, word := range strings.Fields(s) {
		n, err := parseNumber("number", word)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, nil
}

func parseScan(inside string) (op Op, err error) {
	keys, lists, _ := strings.Cut(inside, ":")
	first, last, _ := strings.Cut(keys, "..")
	op.Kind = Scan
	if op.Key, err = parseKey(first); err != nil {
		return op, err
	}
	if op.Last, err = parseKey(last); err != nil {
		return op, err
	}
	for lists = strings.TrimSpace(lists); lists != ""; lists = strings.TrimSpace(lists) {
		one, rest, ok := strings.Cut(lists, "]")
		key, list, opened := strings.Cut(one, "[")
		if !ok || !opened {
			return op, fmt.Errorf("list %q: want key[numbers]", lists)
		}
		var l List
		if l.Key, err = parseKey(key); err != nil {
			return op, err
		}
		if l.Values, err = parseList(list); err != nil {
			return op, err
		}
		op.Lists, lists = append(op.Lists, l), rest
	}
	return op, nil
}
