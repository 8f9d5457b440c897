package distlock

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"
)

var samples = []message{
	{op: opHello, id: 1, session: 1<<64 - 1},
	{op: opHello, session: 2, tokens: []uint64{1, 1 << 40, 3}},
	{op: opAcquire, id: 300, ttl: time.Hour, key: "a key"},
	{op: opRelease, id: 1 << 63, token: 7, key: strings.Repeat("k", maxKey)},
	{op: opCounter, token: 1},
	{op: opHello, tokens: make([]uint64, maxTokens)},
}

func TestMessagesComeBack(t *testing.T) {
	var stream []byte
	for _, m := range samples {
		stream = m.frame(stream)
	}
	in := bufio.NewReaderSize(bytes.NewReader(stream), readSpace)
	for i, want := range samples {
		got, err := readFrame(in)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("message %d: got %+v, %v, want %+v", i, got, err, want)
		}
	}
	if _, err := readFrame(in); !errors.Is(err, io.EOF) {
		t.Errorf("after the last: got %v, want %v", err, io.EOF)
	}
}

// A stream that is cut off anywhere ends with an error, and never with a message that was
// not sent.
func TestCutStream(t *testing.T) {
	whole := samples[2].frame(nil)
	for n := range whole {
		if m, err := readFrame(bufio.NewReaderSize(bytes.NewReader(whole[:n]), readSpace)); err == nil {
			t.Errorf("%d of %d bytes: got %+v, want an error", n, len(whole), m)
		}
	}
}

func TestDamagedMessages(t *testing.T) {
	good := samples[2].encode(nil)
	for name, text := range map[string][]byte{
		"empty":                nil,
		"kind 0":               append([]byte{0}, good[1:]...),
		"an unknown kind":      append([]byte{byte(opRefused) + 1}, good[1:]...),
		"a byte too many":      append(good[:len(good):len(good)], 0),
		"a key beyond its end": {byte(opAcquire), 0, 0, 0, 0, 200, 'k'},
		"an endless number":    bytes.Repeat([]byte{0xff}, 30),
		"tokens without end":   {byte(opHello), 0, 0, 0, 0, 0, 0xff, 0x1f},
		"too many tokens":      {byte(opHello), 0, 0, 0, 0, 0, 0xff, 0xff, 0x7f},
	} {
		if m, err := decode(text); !errors.Is(err, errDamaged) {
			t.Errorf("%s: got %+v, %v, want %v", name, m, err, errDamaged)
		}
	}
	huge := bytes.NewReader([]byte{0xff, 0xff, 0xff, 0xff})
	if _, err := readFrame(bufio.NewReaderSize(huge, readSpace)); !errors.Is(err, errDamaged) {
		t.Errorf("a frame of 4 GiB: got %v, want %v", err, errDamaged)
	}
}

// What is decoded is encoded to an equal message.
func FuzzDecode(f *testing.F) {
	for _, m := range samples {
		f.Add(m.encode(nil))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := decode(text)
		if err != nil {
			return
		}
		again, err := decode(m.encode(nil))
		if err != nil || !reflect.DeepEqual(m, again) {
			t.Errorf("got %+v, %v, want %+v", again, err, m)
		}
	})
}
