package scan

import (
	"encoding/json"
	"strings"
	"testing"
)

// look scans one event for the paths.
func look(t testing.TB, event string, paths ...string) *Scanner {
	t.Helper()
	plan, err := Compile(paths)
	if err != nil {
		t.Fatal(err)
	}
	s := plan.NewScanner()
	if err := s.Scan([]byte(event)); err != nil {
		t.Fatalf("%s at byte %d of %s", err, s.Fault(), event)
	}
	return s
}

func TestScanFinds(t *testing.T) {
	for _, row := range []struct {
		name, event, path string
		kind              Kind
		text              string
		nonEmptyString    bool
	}{
		{"the token of a chat completion chunk", `{"choices":[{"index":0,"delta":{"content":"Hi"}}]}`, "choices.0.delta.content", String, "Hi", true},
		{"an empty string, which is no token", `{"choices":[{"delta":{"content":""}}]}`, "choices.0.delta.content", String, "", false},
		{"null", `{"a":null}`, "a", Null, "null", false},
		{"false", `{"a":false}`, "a", False, "false", false},
		{"true", `{"a":true}`, "a", True, "true", false},
		{"a number, as it is written", `{"a":-1.50e+3}`, "a", Number, "-1.50e+3", false},
		{"an object, whole", `{"a": {"b" : [1, 2]} }`, "a", Object, `{"b" : [1, 2]}`, false},
		{"an array, whole", `{"a": [ {}, [] ] }`, "a", Array, `[ {}, [] ]`, false},
		{"nothing where the key is missing", `{"b":1}`, "a", Absent, "", false},
		{"nothing where the way leads through a scalar", `{"a":1}`, "a.b", Absent, "", false},
		{"nothing where the array is too short", `{"a":[1]}`, "a.1", Absent, "", false},
		{"nothing in an empty object", `{}`, "a", Absent, "", false},
		{"nothing in an empty array", `[ ]`, "0", Absent, "", false},
		{"nothing in a scalar", `"a"`, "a", Absent, "", false},
		{"an element of the outermost array", `[1,"two"]`, "1", String, "two", true},
		{"a number as an object key", `{"a":{"0":"x"}}`, "a.0", String, "x", true},
		{"no element for a number with a leading zero", `["x"]`, "00", Absent, "", false},
		{"a key with a leading zero", `{"00":"x"}`, "00", String, "x", true},
		{"a key spelled with escapes", `{"\u0061\/b":"x"}`, "a/b", String, "x", true},
		{"a key spelled with a surrogate pair", `{"\ud83d\ude00":"x"}`, "😀", String, "x", true},
		{"a string with escapes", `{"a":"\"\\\/\b\f\n\r\t\u00e9"}`, "a", String, "\"\\/\b\f\n\r\té", true},
		{"white space everywhere", " {\t\"a\" :\r\n[ 1 , \"x\" ] } \n", "a.1", String, "x", true},
		{"the last of several elements", `{"a":["x","y",1]}`, "a.*", Number, "1", true},
		{"the last element that has the key", `{"a":[{"b":"x"},{"b":""},{}]}`, "a.*.b", String, "", true},
		{"the last member of an object", `{"x":"1","y":2}`, "*", Number, "2", true},
		{"both elements and members under two stars", `[["x"],{"k":true}]`, "*.*", True, "true", true},
		{"the key * under a star", `{"*":"x"}`, "*", String, "x", true},

		{"the last of two members of one name", `{"a":"x","a":1}`, "a", Number, "1", false},
		{"nothing of the earlier of two members of one name", `{"a":{"b":"x"},"a":{}}`, "a.b", Absent, "", false},
		{"the last of two members of one name, one escaped", `{"a":{"b":"x"},"\u0061":[]}`, "a.b", Absent, "", false},
		{"what another element held when a name comes twice", `[{"b":{"c":"x"}},{"b":{"c":2},"b":{}}]`, "*.b.c", String, "x", true},
		{"what came before when a name comes three times", `[{"b":1},{"b":"x","b":"y","b":3}]`, "*.b", Number, "3", false},
		{"a repeated name inside a repeated name", `[{"b":{"c":1}},{"b":{"c":"x","c":"y"},"b":{"d":0}}]`, "*.b.c", Number, "1", false},
		{"both members of a repeated name under a star", `{"a":"x","a":1}`, "*", Number, "1", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := look(t, row.event, row.path).Slot(0)
			if got.Kind != row.kind || got.Text() != row.text || got.NonEmptyString != row.nonEmptyString {
				t.Errorf("%s in %s: got %v %q, non-empty string %v; want %v %q, %v", row.path, row.event,
					got.Kind, got.Text(), got.NonEmptyString, row.kind, row.text, row.nonEmptyString)
			}
		})
	}
}

func TestScanServesSeveralPathsAtOnce(t *testing.T) {
	s := look(t, `{"usage":{"total_tokens":7},"choices":[{"text":"a"},{"text":"b"}]}`,
		"usage", "usage.total_tokens", "choices.*.text", "choices.0.text", "usage.total_tokens", "*.total_tokens")
	for i, want := range []string{`{"total_tokens":7}`, "7", "b", "a", "7", "7"} {
		if got := s.Slot(i).Text(); got != want {
			t.Errorf("slot %d: got %q, want %q", i, got, want)
		}
	}
}

func TestScanForgetsTheEventBefore(t *testing.T) {
	s := look(t, `{"a":"x"}`, "a")
	for _, row := range []struct {
		event string
		valid bool
	}{{`{"b":1}`, true}, {`{"a":"x"`, false}, {`{"a":[[[`, false}, {`{"b":[[[1]]]}`, true}} {
		if err := s.Scan([]byte(row.event)); (err == nil) != row.valid {
			t.Errorf("%s: %v", row.event, err)
		}
		if got := s.Slot(0); got.Kind != Absent || got.NonEmptyString || got.Raw != nil {
			t.Errorf("after %s the slot holds %v", row.event, got)
		}
	}
}

func TestScanPointsAtTheBytesOfTheEvent(t *testing.T) {
	event := []byte(`{"a":"x\ny"}`)
	plan, _ := Compile([]string{"a"})
	s := plan.NewScanner()
	if err := s.Scan(event); err != nil {
		t.Fatal(err)
	}
	got := s.Slot(0)
	if !got.Escaped || string(got.Raw) != `x\ny` || &got.Raw[0] != &event[6] || cap(got.Raw) != len(got.Raw) {
		t.Errorf("got %+v", got)
	}
}

func TestScanNamesTheFault(t *testing.T) {
	for _, row := range []struct {
		name, event string
		want        error
		at          int
	}{
		{"an empty text", "", errEnd, 0},
		{"white space alone", " \n", errEnd, 2},
		{"two values", "1 2", errTail, 2},
		{"a byte-order mark", "\uFEFF{}", errValue, 0},
		{"a word", "[tru]", errValue, 4},
		{"a cut word", "nul", errEnd, 3},
		{"NaN", "NaN", errValue, 0},
		{"a plus sign", "+1", errValue, 0},
		{"a leading zero", "[01]", errArray, 2},
		{"a minus sign alone", "-", errEnd, 1},
		{"a point without digits", "[1.]", errNumber, 3},
		{"an exponent without digits", "[1e+]", errNumber, 4},
		{"a point at the start", "[.5]", errValue, 1},
		{"a string that is not closed", `"abc`, errEnd, 4},
		{"a string cut in an escape", `"\u00`, errEnd, 5},
		{"an unknown escape", `"\x"`, errEscape, 2},
		{"an escape with a wrong digit", `"\u00g0"`, errEscape, 5},
		{"a line break in a string", "\"a\nb\"", errControl, 2},
		{"a NUL in a string", "\"12345678\x00\"", errControl, 9},
		{"a NUL behind the value", "1\x00", errTail, 1},
		{"single quotes", "{'a':1}", errKey, 1},
		{"a key without quotes", "{a:1}", errKey, 1},
		{"no colon", `{"a" 1}`, errColon, 5},
		{"no value", `{"a":}`, errValue, 5},
		{"no comma between members", `{"a":1 "b":2}`, errObject, 7},
		{"no comma between elements", "[1 2]", errArray, 3},
		{"a comma too many in an object", `{"a":1,}`, errKey, 7},
		{"a comma too many in an array", "[1,]", errValue, 3},
		{"an object closed as an array", `{"a":1]`, errObject, 6},
		{"an array closed as an object", "[1}", errArray, 2},
		{"an array that is not closed", "[1", errEnd, 2},
		{"an object that is not closed", `{"a":{"b":1}`, errEnd, 12},
	} {
		t.Run(row.name, func(t *testing.T) {
			if json.Valid([]byte(row.event)) {
				t.Fatal("encoding/json finds nothing wrong")
			}
			// The same text read with a path that leads into it, with one that does not, and inside a skipped value.
			for prefix, paths := range map[string][]string{"": {"a", "0"}, " ": {"z.z"}, `{"skipped":`: {"z.z"}} {
				plan, err := Compile(paths)
				if err != nil {
					t.Fatal(err)
				}
				s := plan.NewScanner()
				err = s.Scan([]byte(prefix + row.event))
				if row.want == errTail && prefix != "" && prefix != " " {
					continue // inside an object it is another fault
				}
				if err != row.want || s.Fault() != len(prefix)+row.at {
					t.Errorf("after %q: got %v at %d, want %v at %d", prefix, err, s.Fault(), row.want, len(prefix)+row.at)
				}
			}
		})
	}
}

func TestScanNestsAsDeepAsEncodingJSON(t *testing.T) {
	for _, depth := range []int{1, 63, 64, 65, 128, 129, maxDepth, maxDepth + 1} {
		for _, side := range []struct {
			open, close string
			levels      int
		}{{"[", "]", 1}, {`{"a":`, "}", 1}, {`[{"a":`, "}]", 2}} {
			times := depth / side.levels
			event := strings.Repeat(side.open, times) + "1" + strings.Repeat(side.close, times)
			want := json.Valid([]byte(event))
			for _, path := range []string{"z", "a.a.a", "0.0", "*.*.*.*", strings.Repeat("*.", maxDepth+2) + "*"} {
				plan, err := Compile([]string{path})
				if err != nil {
					t.Fatal(err)
				}
				if err := plan.NewScanner().Scan([]byte(event)); (err == nil) != want {
					t.Errorf("%d times %s, path %.9s: got %v, want valid %v", times, side.open, path, err, want)
				}
			}
		}
	}
}

// Chunks as servers send them, and the paths that a chat dialect asks for.
var (
	chatPaths = []string{
		"choices.*.delta.content", "choices.*.delta.reasoning_content", "choices.*.delta.tool_calls.*.function.arguments",
		"choices.*.finish_reason", "usage.prompt_tokens", "usage.completion_tokens", "usage.prompt_tokens_details.cached_tokens",
		"timings.prompt_ms", "timings.predicted_ms", "error", "error.message", "model",
	}
	chatChunks = []string{
		`{"choices":[{"finish_reason":null,"index":0,"delta":{"role":"assistant","content":null}}],"created":1763800000,"id":"chatcmpl-0fYqH3nS7sKUMWfDPHNSYBoiuwhSDfgb","model":"SmolLM2-135M-Instruct","system_fingerprint":"b6981-7f3e9d339","object":"chat.completion.chunk"}`,
		`{"choices":[{"finish_reason":null,"index":0,"delta":{"content":" token"}}],"created":1763800000,"id":"chatcmpl-0fYqH3nS7sKUMWfDPHNSYBoiuwhSDfgb","model":"SmolLM2-135M-Instruct","system_fingerprint":"b6981-7f3e9d339","object":"chat.completion.chunk"}`,
		`{"id": "chatcmpl-9b1f", "object": "chat.completion.chunk", "created": 1763800000, "model": "m", "choices": [{"index": 0, "delta": {"content": "\n\u00e9\"x\""}, "logprobs": null, "finish_reason": null}], "usage": null}`,
		`{"choices":[{"finish_reason":"length","index":0,"delta":{}}],"created":1763800001,"id":"chatcmpl-0fYq","model":"m","object":"chat.completion.chunk"}`,
		`{"choices":[],"created":1763800001,"id":"chatcmpl-0fYq","model":"m","object":"chat.completion.chunk","usage":{"completion_tokens":24,"prompt_tokens":31,"total_tokens":55,"prompt_tokens_details":{"cached_tokens":30}},"timings":{"cache_n":30,"prompt_n":1,"prompt_ms":12.345,"prompt_per_token_ms":12.345,"predicted_n":24,"predicted_ms":256.5}}`,
		`{"\u0065rror":{"code":500,"message":"caf\u00e9","type":"server_error"}}`,
	}
)

func TestScanAllocatesNothing(t *testing.T) {
	plan, err := Compile(chatPaths)
	if err != nil {
		t.Fatal(err)
	}
	s := plan.NewScanner()
	scratch := make([]byte, 0, 1<<10)
	for _, chunk := range append(chatChunks, `{"a":[[[{"b":[[]]}]]]}`, `{"broken":`) {
		event := []byte(chunk)
		allocations := testing.AllocsPerRun(100, func() {
			_ = s.Scan(event)
			for i := range chatPaths {
				v := s.Slot(i)
				scratch = v.AppendText(scratch[:0])
				v.Float()
				v.Equals("length")
			}
		})
		if allocations != 0 {
			t.Errorf("%v allocations for %s", allocations, chunk)
		}
	}
}

func BenchmarkScan(b *testing.B) {
	for _, row := range []struct{ name, event string }{
		{"chunk", chatChunks[1]},
		{"usage", chatChunks[4]},
		{"skipped 64 KiB", `{"logprobs":[` + strings.Repeat(`{"token":"ab","logprob":-0.25,"bytes":[97,98]},`, 1394) + `0]}`},
		{"string of 64 KiB", `{"choices":[{"delta":{"content":"` + strings.Repeat("a", 1<<16) + `"}}]}`},
	} {
		b.Run(row.name, func(b *testing.B) {
			plan, err := Compile(chatPaths)
			if err != nil {
				b.Fatal(err)
			}
			s := plan.NewScanner()
			event := []byte(row.event)
			b.SetBytes(int64(len(event)))
			b.ReportAllocs()
			for b.Loop() {
				if err := s.Scan(event); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
