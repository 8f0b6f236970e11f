package scan
import ("testing";"encoding/json")
func BenchmarkJSONValid(b *testing.B){ e:=[]byte(chatChunks[1]); for b.Loop(){ json.Valid(e)}}
