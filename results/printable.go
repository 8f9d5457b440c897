package results

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Printable returns a text in one line that no terminal or browser acts on. It escapes
// every character that is not graphic: control characters, and those that turn the
// direction of writing. JSON has the same escapes.
func Printable(text string) string { return printable(text, false) }

// PrintableLines is Printable for a text of several lines. Newlines and tabs stay.
func PrintableLines(text string) string { return printable(text, true) }

func printable(text string, lines bool) string {
	if isPrintable(text, lines) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case unicode.IsGraphic(r) || lines && (r == '\n' || r == '\t'):
			b.WriteRune(r)
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += size
	}
	return b.String()
}

func isPrintable(text string, lines bool) bool {
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)):
			return false
		case !unicode.IsGraphic(r) && !(lines && (r == '\n' || r == '\t')):
			return false
		}
	}
	return true
}

// printableLine is PrintableLines for a line of a file, which may end with a carriage
// return.
func printableLine(line []byte) []byte {
	odd := func(c byte) bool { return c < ' ' && c != '\t' || c >= 0x7f }
	for i, c := range line {
		if odd(c) && (c != '\r' || i < len(line)-1) {
			return []byte(PrintableLines(string(bytes.TrimSuffix(line, []byte("\r")))))
		}
	}
	return line
}

// PrintableTo returns a writer that passes text on to out as PrintableLines makes it. A
// character may be split between two calls of Write.
func PrintableTo(out io.Writer) io.Writer { return &printer{out: out} }

type printer struct {
	out  io.Writer
	rest []byte // the first bytes of a character
}

func (p *printer) Write(text []byte) (int, error) {
	all := append(p.rest, text...)
	end := len(all)
	for i := max(end-utf8.UTFMax+1, 0); i < end; i++ {
		if utf8.RuneStart(all[i]) && !utf8.FullRune(all[i:]) {
			end = i
		}
	}
	p.rest = bytes.Clone(all[end:])
	if _, err := io.WriteString(p.out, PrintableLines(string(all[:end]))); err != nil {
		return 0, err
	}
	return len(text), nil
}

// makePrintable makes every text within v printable, also the keys of maps.
func makePrintable(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(Printable(v.String()))
	case reflect.Pointer:
		if !v.IsNil() {
			makePrintable(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				makePrintable(v.Field(i))
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			makePrintable(v.Index(i))
		}
	case reflect.Map:
		if v.IsNil() {
			return
		}
		fresh := reflect.MakeMapWithSize(v.Type(), v.Len())
		for pair := v.MapRange(); pair.Next(); {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			key.Set(pair.Key())
			value.Set(pair.Value())
			makePrintable(key)
			makePrintable(value)
			fresh.SetMapIndex(key, value)
		}
		v.Set(fresh)
	}
}
