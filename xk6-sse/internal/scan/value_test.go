package scan

import (
	"encoding/json"
	"testing"
)

func TestTextIsThatOfEncodingJSON(t *testing.T) {
	for _, row := range []struct{ name, text string }{
		{"plain", `"abc"`},
		{"empty", `""`},
		{"every short escape", `"\"\\\/\b\f\n\r\t"`},
		{"escapes in both cases of hex", `"\u00e9\u00E9\u0000"`},
		{"UTF-8 as it is", `"é😀"`},
		{"a surrogate pair", `"\ud83d\ude00!"`},
		{"a high surrogate alone", `"\ud83dx"`},
		{"a low surrogate alone", `"\ude00"`},
		{"a high surrogate before another escape", `"\ud83d\u0041"`},
		{"two high surrogates and a low one", `"\ud83d\ud83d\ude00"`},
		{"a high surrogate before a short escape", `"\ud83d\n"`},
		{"bytes that are not UTF-8", "\"a\xffb\xc3\""},
		{"bytes that are not UTF-8 among escapes", "\"\\n\xe2\x82\\u20ac\""},
		{"a surrogate in UTF-8", "\"\xed\xa0\x80\""},
		{"DEL, which JSON allows", "\"\x7f\""},
	} {
		t.Run(row.name, func(t *testing.T) {
			var want string
			if err := json.Unmarshal([]byte(row.text), &want); err != nil {
				t.Fatal(err)
			}
			got := look(t, `{"a":`+row.text+`}`, "a").Slot(0)
			if got.Text() != want {
				t.Errorf("Text: got %q, want %q", got.Text(), want)
			}
			if text := string(got.AppendText([]byte("> "))); text != "> "+want {
				t.Errorf("AppendText: got %q, want %q", text, "> "+want)
			}
			if !got.Equals(want) || got.Equals(want+"x") {
				t.Errorf("Equals does not agree with Text")
			}
		})
	}
}

func TestFloat(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       float64
		ok         bool
	}{
		{"a whole number", "24", 24, true},
		{"a fraction with an exponent", "-1.25e2", -125, true},
		{"a number too large for a float64", "1e999", 0, false},
		{"a number in a string", `"24"`, 0, false},
		{"null", "null", 0, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got, ok := look(t, `{"a":`+row.text+`}`, "a").Slot(0).Float(); got != row.want || ok != row.ok {
				t.Errorf("got %v %v, want %v %v", got, ok, row.want, row.ok)
			}
		})
	}
	if _, ok := (Value{}).Float(); ok {
		t.Error("an absent value is no number")
	}
}

func TestOnlyStringsEqualText(t *testing.T) {
	if look(t, `{"a":1}`, "a").Slot(0).Equals("1") || (Value{}).Equals("") {
		t.Error("a value that is no string equals a text")
	}
}
