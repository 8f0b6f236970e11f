package scan

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
)

// fuzzPaths cover prefixes of one another, indexes, keys that look like indexes, and stars at every place.
var fuzzPaths = []string{
	"a", "a.b", "a.0.b", "0", "é.0", "a.*.b", "*", "*.*", "*.a", "a.*.b.c", "choices.*.delta.content", "choices.0.delta", "usage.total_tokens",
}

// FuzzScan compares a scan with encoding/json: the same texts are valid, and each path finds what a plain walk finds in what
// encoding/json decodes.
func FuzzScan(f *testing.F) {
	for _, seed := range chatChunks {
		f.Add([]byte(seed))
	}
	for _, seed := range []string{
		`{"a":{"b":1},"\u0061":[{"b":"x"},{"b":{"c":""},"b":2.5e-1}]}`,
		`{"a":[{"b":{"c":"x"}},{"b":{"c":"y"},"b":{}}],"é":["\ud83d\ude00\ud83d"]}`,
		`[{"a":"x","a":1},[true,false,null],-0,"\xff"]`,
		` [ [ ] , { } , 1E+2 ] `,
		`"` + "\xe2\x82" + `\u12`,
		`{"a":tru}`,
		`[1,]`,
		`01`,
	} {
		f.Add([]byte(seed))
	}
	plan, err := Compile(fuzzPaths)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, event []byte) {
		s := plan.NewScanner()
		if err := s.Scan(event); (err == nil) != json.Valid(event) {
			t.Fatalf("got %v at %d, encoding/json says valid = %v", err, s.Fault(), err != nil)
		} else if err != nil {
			return
		}
		decoder := json.NewDecoder(bytes.NewReader(event))
		decoder.UseNumber()
		ordered := decodeOrdered(t, decoder)
		var plain any
		decoder = json.NewDecoder(bytes.NewReader(event))
		decoder.UseNumber()
		if err := decoder.Decode(&plain); err != nil {
			t.Fatal(err)
		}
		for i, path := range fuzzPaths {
			got := s.Slot(i)
			segments := strings.Split(path, ".")
			matches := walk(ordered, segments)
			var want any = absent{}
			nonEmptyString := false
			for _, want = range matches {
				if text, ok := want.(string); ok && text != "" {
					nonEmptyString = true
				}
			}
			compare(t, path, got, want)
			if got.NonEmptyString != nonEmptyString {
				t.Errorf("%s: non-empty string %v, want %v", path, got.NonEmptyString, nonEmptyString)
			}
			if !strings.Contains(path, "*") {
				compare(t, path, got, lookup(plain, segments))
			}
		}
	})
}

type absent struct{}

// An orderedObject is a JSON object with its members in order, repeated names included.
type orderedObject []orderedMember

type orderedMember struct {
	key   string
	value any
}

func decodeOrdered(t *testing.T, d *json.Decoder) any {
	token, err := d.Token()
	if err != nil {
		t.Fatal(err)
	}
	switch token {
	case json.Delim('{'):
		object := orderedObject{}
		for d.More() {
			key := decodeOrdered(t, d).(string)
			object = append(object, orderedMember{key, decodeOrdered(t, d)})
		}
		d.Token()
		return object
	case json.Delim('['):
		array := []any{}
		for d.More() {
			array = append(array, decodeOrdered(t, d))
		}
		d.Token()
		return array
	}
	return token
}

// walk returns all values at a path, in the order of the text.
func walk(value any, segments []string) (matches []any) {
	if len(segments) == 0 {
		return []any{value}
	}
	segment, rest := segments[0], segments[1:]
	switch value := value.(type) {
	case []any:
		for i, element := range value {
			if segment == "*" || segment == strconv.Itoa(i) {
				matches = append(matches, walk(element, rest)...)
			}
		}
	case orderedObject:
		for _, member := range value {
			switch segment {
			case "*":
				matches = append(matches, walk(member.value, rest)...)
			case member.key:
				matches = walk(member.value, rest)
			}
		}
	}
	return matches
}

// lookup returns the value at a path without stars in what encoding/json decodes by itself.
func lookup(value any, segments []string) any {
	for _, segment := range segments {
		var next any = absent{}
		switch value := value.(type) {
		case []any:
			if i, err := strconv.Atoi(segment); err == nil && i >= 0 && i < len(value) {
				next = value[i]
			}
		case map[string]any:
			if member, ok := value[segment]; ok {
				next = member
			}
		}
		value = next
	}
	return value
}

func compare(t *testing.T, path string, got Value, want any) {
	t.Helper()
	ok := false
	switch want := want.(type) {
	case absent:
		ok = got.Kind == Absent && got.Raw == nil
	case nil:
		ok = got.Kind == Null && got.Text() == "null"
	case bool:
		ok = got.Kind == map[bool]Kind{true: True, false: False}[want] && got.Text() == strconv.FormatBool(want)
	case json.Number:
		ok = got.Kind == Number && got.Text() == want.String()
	case string:
		ok = got.Kind == String && got.Text() == want && got.Equals(want) && got.Escaped == bytes.ContainsRune(got.Raw, '\\')
	case []any:
		ok = got.Kind == Array && got.Raw[0] == '[' && json.Valid(got.Raw)
	case orderedObject, map[string]any:
		ok = got.Kind == Object && got.Raw[0] == '{' && json.Valid(got.Raw)
	}
	if !ok {
		t.Errorf("%s: got %v %q, want %#v", path, got.Kind, got.Raw, want)
	}
}
