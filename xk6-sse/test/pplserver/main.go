// Command pplserver speaks like ppl.llm.serving over gRPC, for tests: `pplserver plain failed status` answers the first
// request in the first way, and so on, all later ones in the last. It prints its address, then one line a request.
package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
)

const tokens = 8

// The server's states and reasons, by their numbers.
const (
	processing = 0
	finished   = 1
	failed     = 2
	byLength   = 0
	byEnd      = 1
)

// raw passes messages on as their bytes.
type raw struct{}

func (raw) Marshal(v any) ([]byte, error) { return v.([]byte), nil }

func (raw) Unmarshal(data []byte, v any) error {
	*v.(*[]byte) = append([]byte(nil), data...)
	return nil
}

func (raw) Name() string { return "proto" }

// field finds the last field of this number: the bytes of a message or text, or a number.
func field(message []byte, number protowire.Number) (content []byte, value uint64) {
	for len(message) > 0 {
		found, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return nil, 0
		}
		message = message[n:]
		size := protowire.ConsumeFieldValue(found, kind, message)
		if size < 0 {
			return nil, 0
		}
		if found == number && kind == protowire.BytesType {
			content, _ = protowire.ConsumeBytes(message)
		} else if found == number && kind == protowire.VarintType {
			value, _ = protowire.ConsumeVarint(message)
		}
		message = message[size:]
	}
	return content, value
}

// response is a BatchedResponse of one.
func response(state uint64, text string, reason uint64) []byte {
	detail := protowire.AppendVarint(protowire.AppendTag(nil, 3, protowire.VarintType), reason)
	one := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), state)
	one = protowire.AppendString(protowire.AppendTag(one, 3, protowire.BytesType), text)
	one = protowire.AppendBytes(protowire.AppendTag(one, 5, protowire.BytesType), detail)
	return protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), one)
}

func answer(stream grpc.ServerStream, way string) error {
	var message []byte
	if err := stream.RecvMsg(&message); err != nil {
		return err
	}
	request, _ := field(message, 1)
	prompt, _ := field(request, 2)
	stopping, _ := field(request, 5)
	_, most := field(stopping, 1)
	_, ignoresEnd := field(stopping, 3)
	line, _ := json.Marshal(map[string]any{"prompt": string(prompt), "maxNewTokens": most, "ignoreEos": ignoresEnd == 1})
	fmt.Println(string(line))

	count, reason := uint64(tokens), uint64(byEnd)
	if most <= count {
		count, reason = most, byLength
	}
	if way == "status" {
		return status.Error(codes.ResourceExhausted, "too many requests")
	}
	for i := range count {
		time.Sleep(5 * time.Millisecond)
		state := uint64(processing)
		switch {
		case way == "failed" && i == 2:
			return stream.SendMsg(response(failed, "", byLength))
		case way == "cut" && i == 2:
			return nil // in order, but not finished
		case i == count-1:
			state = finished
		}
		if err := stream.SendMsg(response(state, fmt.Sprintf(" word%d", i), reason)); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	ways := os.Args[1:]
	if len(ways) == 0 {
		ways = []string{"plain"}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(listener.Addr())
	var served atomic.Int64
	server := grpc.NewServer(grpc.ForceServerCodec(raw{}))
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "ppl.llm.proto.LLMService",
		HandlerType: (*any)(nil),
		Streams: []grpc.StreamDesc{{
			StreamName: "Generation", ServerStreams: true,
			Handler: func(_ any, stream grpc.ServerStream) error {
				return answer(stream, ways[min(int(served.Add(1))-1, len(ways)-1)])
			},
		}},
	}, struct{}{})
	time.AfterFunc(2*time.Minute, server.Stop) // should the test that started it be gone
	if err := server.Serve(listener); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
