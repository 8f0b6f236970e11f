package facts

import (
	"bytes"
	"encoding/json"
)

// valueRule is where a field's value is: groups of places, the first that has anything counts; within a group numbers are
// summed. In JSON a group is a place or a list of them, and several groups are written as {"either": […]}.
type valueRule []valueGroup

type valueGroup []valuePlace

// valuePlace is a path, or one that counts only in events that fit: {"path": …, "when": …}.
type valuePlace struct {
	Path string `json:"path"`
	When *When  `json:"when"`
}

func (r *valueRule) UnmarshalJSON(b []byte) error {
	var several struct {
		Either []valueGroup `json:"either"`
	}
	if startsWith(b, '{') && strictly(b, &several) == nil {
		*r = several.Either
		return nil
	}
	*r = make(valueRule, 1)
	return json.Unmarshal(b, &(*r)[0])
}

func (g *valueGroup) UnmarshalJSON(b []byte) error {
	if startsWith(b, '[') {
		return json.Unmarshal(b, (*[]valuePlace)(g))
	}
	*g = make(valueGroup, 1)
	return json.Unmarshal(b, &(*g)[0])
}

func (p *valuePlace) UnmarshalJSON(b []byte) error {
	if startsWith(b, '"') {
		return json.Unmarshal(b, &p.Path)
	}
	type plain valuePlace // without this method
	return strictly(b, (*plain)(p))
}

func startsWith(b []byte, c byte) bool { return len(b) > 0 && b[0] == c }

// strictly is json.Unmarshal that refuses unknown keys.
func strictly(b []byte, to any) error {
	decoder := json.NewDecoder(bytes.NewReader(b))
	decoder.DisallowUnknownFields()
	return decoder.Decode(to)
}
