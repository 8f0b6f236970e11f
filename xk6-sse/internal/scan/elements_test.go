package scan

import (
	"reflect"
	"testing"
)

func TestEachElement(t *testing.T) {
	for text, want := range map[string][]string{
		`[]`: nil, `[ ]`: nil, `[1]`: {"1"}, `[ {"a":[1,2]} , "b,]" ,null]`: {`{"a":[1,2]}`, `"b,]"`, "null"},
	} {
		var got []string
		EachElement([]byte(text), func(element []byte) { got = append(got, string(element)) })
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

func TestEachText(t *testing.T) {
	found := map[string]string{}
	EachText([]byte(`{"a":"x","b":[{"c":""},{"c":"y\"z"},[ "deep" ]],"n":1,"o":{"p":{"q":"r"}},"none":null}`), nil, func(path, text []byte) {
		found[string(path)] = string(text)
	})
	want := map[string]string{"a": "x", "b.*.c": `y\"z`, "b.*.*": "deep", "o.p.q": "r"}
	if !reflect.DeepEqual(found, want) {
		t.Errorf("got %v, want %v", found, want)
	}
}

func TestNothing(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, " ": true, "null": true, "None": true, `""`: true, `"null"`: true, "false": true, "0": true, "0.0": true, "-0e5": true,
		"{}": true, `[ {"a":[]} ]`: true, `{"a":0,"b":"none"}`: true, `{"text":""}`: true,
		"1": false, "true": false, `"x"`: false, `{"a":true}`: false, `{"a":{"b":"c"}}`: false, `[10]`: false, "boom": false, "1.2.3": false,
	} {
		if got := Nothing([]byte(text)); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
