package results

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode"
)

// controls are characters that a terminal, a browser or an editor acts on.
const controls = "\x1b[31m\a\r\n\x00\u202e\u2028\u009b\x7f\U000e0041\t"

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"µs × 5 %":   "µs × 5 %",
		"a\x1b[31m":  `a\u001b[31m`,
		"a\tb\nc":    `a\u0009b\u000ac`,
		"a\u202eb":   `a\u202eb`,
		"\xff\x9b":   `\xff\x9b`,
		"\uFFFD":     "\uFFFD",
		"\U000E0041": `\udb40\udc41`,
	} {
		if got := Printable(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if got, want := PrintableLines("a\tb\nc\r"), "a\tb\nc\\u000d"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A writer may get a character in two parts, and JSON stays JSON.
func TestPrintableTo(t *testing.T) {
	var b bytes.Buffer
	w := PrintableTo(&b)
	for _, c := range []byte("µ\x1b\u202e\xff é\n") {
		if n, err := w.Write([]byte{c}); n != 1 || err != nil {
			t.Fatalf("got %d and error %v, want 1", n, err)
		}
	}
	if want := "µ\\u001b\\u202e\\xff é\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
	b.Reset()
	if err := json.NewEncoder(w).Encode(controls); err != nil {
		t.Fatal(err)
	}
	var back string
	if err := json.Unmarshal(b.Bytes(), &back); err != nil || back != controls {
		t.Errorf("got %q and error %v from JSON, want %q", back, err, controls)
	}
}

// taint appends text to every string within v, and fills what is empty.
func taint(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + text)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		taint(v.Elem(), text)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Type() != reflect.TypeFor[time.Time]() {
				taint(v.Field(i), text)
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			taint(v.Index(i), text)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		taint(v.Index(0), text)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		taint(key, text)
		taint(value, text)
		v.SetMapIndex(key, value)
	case reflect.Float64:
		v.SetFloat(1)
	}
}

func printableOnly(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) })
}

// No text of a run's files holds a character that a terminal acts on, whatever is in
// them.
func TestEveryTextOfARunIsPrintable(t *testing.T) {
	var info Info
	taint(reflect.ValueOf(&info).Elem(), controls)
	var trial Trial
	taint(reflect.ValueOf(&trial).Elem(), controls)
	trial.Status, trial.Round, trial.Detail = Ok, 1, ""
	of, err := json.Marshal(info)
	if err != nil {
		t.Fatal(err)
	}
	line, err := json.Marshal(trial)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write(t, dir+"/"+infoFile, string(of))
	write(t, dir+"/"+trialsFile, string(line)+"\n{\"status\":\"\x1b\u202e\"}\n{\x1b\n")
	run, err := Open(dir)
	if err != nil || len(run.Trials) != 1 {
		t.Fatalf("got %+v and error %v, want 1 trial", run, err)
	}
	for what, v := range map[string]any{"run.json": run.Info, "trial": run.Trials[0], "problems": run.Problems} {
		if text := fmt.Sprintf("%+v", v); !printableOnly(text) {
			t.Errorf("%s: got %q, want printable text", what, text)
		}
	}
	var b bytes.Buffer
	if err := run.WriteBench(&b); err != nil || !printableOnly(strings.ReplaceAll(b.String(), "\n", " ")) {
		t.Errorf("got %q and error %v, want printable lines", b.String(), err)
	}
}

// The same for files of other tools. Their names stay as they were otherwise.
func TestEveryTextOfAResultsFileIsPrintable(t *testing.T) {
	const odd = "\x1b[31m\a\x00\u202e\u009b\xff"
	text := "pkg: a" + odd + "\r\ncpu: é" + odd + "\nUnit x" + odd + " better=lower\n" +
		"BenchmarkGrün" + odd + "/k" + odd + "=v" + odd + "-2 100 5 ns/op 7 x" + odd + "\r\n" +
		"BenchmarkTorn" + odd + " 1 x\n--- FAIL: BenchmarkX" + odd + "\npanic: " + odd + "\n"
	run := &Run{}
	if err := run.readBench(strings.NewReader(text), "file", false); err != nil {
		t.Fatal(err)
	}
	run.Unpack()
	if len(run.Trials) != 1 || len(run.Problems) == 0 {
		t.Fatalf("got %+v, want 1 trial and problems", run)
	}
	name := run.Trials[0].Name()
	if !strings.HasPrefix(name, `Grün\u001b[31m`) {
		t.Errorf("got name %q, want it to start with Grün and the escape", name)
	}
	all := fmt.Sprintf("%+v %+v %+v %s", run.Trials, run.Problems, run.Info, name)
	if !printableOnly(all) {
		t.Errorf("got %q, want printable text", all)
	}
}
