package distlock

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// op is the kind of a message.
type op byte

// A client sends opHello to opSkew, a server opWelcome to opDone and opRefused. The log of
// a durable server holds opGranted, opFreed and opCounter.
const (
	opHello     op = 1 + iota // starts or resumes a session; tokens are the leases that the client holds
	opAcquire                 // of key, for ttl
	opCancel                  // of the acquisition id, whose caller has given up
	opRelease                 // of key, held by token
	opHeartbeat               // the client lives
	opClose                   // the session ends
	opSkew                    // of the server's clock: a jump by ttl, then token thousandths of its speed; key is the hook

	opWelcome  // ends the answer to opHello
	opGranted  // the answer to opAcquire
	opEnded    // the acquisition id has ended without a grant: its client was silent for its ttl, or cancelled it
	opLost     // the lease of token has ended: its client was silent for its ttl
	opReleased // the answer to opRelease
	opNotHeld  // the other answer to opRelease: the lease had ended before
	opDone     // the answer to opHeartbeat, opClose and opSkew

	opFreed   // key is no longer held by token
	opCounter // token was granted, and every smaller one

	opRefused // the third answer to opAcquire: the server has no room for it
)

// message is what clients and servers exchange, and what a log holds.
type message struct {
	op      op
	id      uint64 // of the call, within its session
	session uint64
	token   uint64
	ttl     time.Duration
	key     string
	tokens  []uint64
}

const (
	maxKey    = 4 << 10
	maxTokens = 4 << 10
	maxFrame  = 48 << 10 // an encoded message is shorter
)

var errDamaged = errors.New("distlock: a damaged message")

// encode appends m to buf.
func (m message) encode(buf []byte) []byte {
	buf = append(buf, byte(m.op))
	for _, v := range [...]uint64{m.id, m.session, m.token, uint64(m.ttl), uint64(len(m.key))} {
		buf = binary.AppendUvarint(buf, v)
	}
	buf = append(buf, m.key...)
	buf = binary.AppendUvarint(buf, uint64(len(m.tokens)))
	for _, t := range m.tokens {
		buf = binary.AppendUvarint(buf, t)
	}
	return buf
}

// decode reads what encode wrote, and nothing else.
func decode(text []byte) (m message, err error) {
	if len(text) == 0 || text[0] == 0 || op(text[0]) > opRefused {
		return m, fmt.Errorf("%w: unknown kind", errDamaged)
	}
	m.op = op(text[0])
	rest := text[1:]
	next := func(limit uint64) uint64 {
		v, n := binary.Uvarint(rest)
		if n <= 0 || v > limit {
			err = fmt.Errorf("%w: a number is cut off or too large", errDamaged)
			return 0
		}
		rest = rest[n:]
		return v
	}
	const all = 1<<64 - 1
	m.id, m.session, m.token, m.ttl = next(all), next(all), next(all), time.Duration(next(1<<63-1))
	n := int(next(maxKey))
	if err != nil || n > len(rest) {
		return message{}, errors.Join(err, fmt.Errorf("%w: the key is cut off", errDamaged))
	}
	m.key, rest = string(rest[:n]), rest[n:]
	for range next(maxTokens) {
		if m.tokens = append(m.tokens, next(all)); err != nil {
			break
		}
	}
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("%w: %d bytes too many", errDamaged, len(rest))
	}
	if err != nil {
		return message{}, err
	}
	return m, nil
}

const (
	frameHead = 4
	readSpace = 4 << 10 // a reader's buffer, in which almost every frame has room
)

// frame appends m to buf in the form for a connection: its length, and its encoding.
func (m message) frame(buf []byte) []byte {
	start := len(buf)
	buf = m.encode(append(buf, make([]byte, frameHead)...))
	binary.BigEndian.PutUint32(buf[start:], uint32(len(buf)-start-frameHead))
	return buf
}

// readFrame reads what frame wrote.
func readFrame(r *bufio.Reader) (message, error) {
	head, err := r.Peek(frameHead)
	if err != nil {
		return message{}, err
	}
	n := int(binary.BigEndian.Uint32(head))
	if n > maxFrame {
		return message{}, fmt.Errorf("%w: it has %d bytes", errDamaged, n)
	}
	if frameHead+n > r.Size() {
		return readLong(r, frameHead+n)
	}
	text, err := r.Peek(frameHead + n)
	if err != nil {
		return message{}, err
	}
	m, err := decode(text[frameHead:])
	if _, skip := r.Discard(len(text)); err == nil {
		err = skip
	}
	return m, err
}

// readLong reads a frame of n bytes, which has no room in the reader's buffer.
func readLong(r *bufio.Reader, n int) (message, error) {
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return message{}, err
	}
	return decode(text[frameHead:])
}
