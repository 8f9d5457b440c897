package actor

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
)

// op is the kind of a frame.
type op byte

const (
	opTell  op = 1 + iota // body to the actor name
	opAsk                 // the same, to be answered under id
	opStop                // the actor name
	opWatch               // the actor name: opGone is the answer when it has stopped
	opPing                // the sender lives

	opReply   // body answers id
	opStopped // the actor of id has stopped
	opFull    // the mailbox of id is full, or too many Asks wait
	opFailed  // id cannot be answered: body is the reason, a string
	opGone    // the actor name has stopped

	opHello // the first frame of a connection to a server: name is that of the peer
)

// frame is what nodes send each other: its length, op, id, name, the type's name, and the
// body as JSON. A frame is readable without the ones before it.
type frame struct {
	op   op
	id   uint64
	name string
	kind string
	body []byte
}

const (
	frameHead = 4
	maxFrame  = 1 << 20 // bytes after the length
	maxName   = 1 << 10 // bytes of name and of kind
)

var (
	errDamaged = errors.New("actor: a damaged frame")
	errTooLong = fmt.Errorf("actor: the message has more than %d bytes", maxFrame)
)

// append encodes f behind buf.
func (f frame) append(buf []byte) ([]byte, error) {
	start := len(buf)
	buf = append(buf, 0, 0, 0, 0, byte(f.op))
	buf = binary.AppendUvarint(buf, f.id)
	for _, text := range [...]string{f.name, f.kind} {
		buf = binary.AppendUvarint(buf, uint64(len(text)))
		buf = append(buf, text...)
	}
	buf = append(buf, f.body...)
	n := len(buf) - start - frameHead
	if n > maxFrame {
		return buf[:start], errTooLong
	}
	binary.BigEndian.PutUint32(buf[start:], uint32(n))
	return buf, nil
}

// readFrame reads what append wrote. It allocates no more than maxFrame.
func readFrame(r *bufio.Reader) (f frame, err error) {
	var head [frameHead]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return f, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n == 0 || n > maxFrame {
		return f, fmt.Errorf("%w: it has %d bytes", errDamaged, n)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return f, err
	}
	return parseFrame(text)
}

func parseFrame(text []byte) (f frame, err error) {
	f.op = op(text[0])
	id, n := binary.Uvarint(text[1:])
	if n <= 0 || f.op == 0 || f.op > opHello {
		return f, fmt.Errorf("%w: its kind or its number", errDamaged)
	}
	f.id, text = id, text[1+n:]
	for _, field := range [...]*string{&f.name, &f.kind} {
		length, n := binary.Uvarint(text)
		if n <= 0 || length > maxName || length > uint64(len(text)-n) {
			return f, fmt.Errorf("%w: a name is cut off or too long", errDamaged)
		}
		*field, text = string(text[n:n+int(length)]), text[n+int(length):]
	}
	f.body = text
	return f, nil
}

// codec knows the types of messages by name.
type codec struct {
	types map[string]reflect.Type
}

// basic are the types that every node knows.
var basic = []any{
	false, "", 0, int8(0), int16(0), int32(0), int64(0), uint(0), uint8(0), uint16(0), uint32(0), uint64(0),
	float32(0), float64(0),
}

func newCodec(messages []any) (codec, error) {
	c := codec{map[string]reflect.Type{}}
	for _, m := range append(basic[:len(basic):len(basic)], messages...) {
		t := reflect.TypeOf(m)
		if t == nil || len(typeName(t)) > maxName {
			return c, fmt.Errorf("registering a message %v: it has no type, or too long a name", m)
		}
		c.types[typeName(t)] = t
	}
	return c, nil
}

// typeName is the name of a type with the path of its package.
func typeName(t reflect.Type) string {
	switch {
	case t.Kind() == reflect.Pointer:
		return "*" + typeName(t.Elem())
	case t.PkgPath() != "":
		return t.PkgPath() + "." + t.Name()
	default:
		return t.String()
	}
}

// encode puts a message into a frame.
func (c codec) encode(f frame, message any) (frame, error) {
	t := reflect.TypeOf(message)
	if t == nil || c.types[typeName(t)] != t {
		return f, fmt.Errorf("encoding a %T: NodeConfig.Messages does not list the type", message)
	}
	var err error
	f.kind = typeName(t)
	f.body, err = json.Marshal(message)
	return f, err
}

// decode returns the message of a frame.
func (c codec) decode(f frame) (any, error) {
	t := c.types[f.kind]
	if t == nil {
		return nil, fmt.Errorf("decoding a %q: NodeConfig.Messages does not list the type", f.kind)
	}
	v := reflect.New(t)
	if err := json.Unmarshal(f.body, v.Interface()); err != nil {
		return nil, fmt.Errorf("decoding a %s: %w", f.kind, err)
	}
	return v.Elem().Interface(), nil
}
