package otlpreceiver

import (
	"reflect"

	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"

	"github.com/otel-culprit/culprit/internal/nesting"
)

// codec checks a message of gRPC before it is decoded. Over gRPC there is no earlier place: interceptors see decoded messages.
type codec struct{ encoding.CodecV2 }

// Unmarshal implements [encoding.CodecV2].
func (c codec) Unmarshal(data mem.BufferSlice, into any) error {
	message, ok := messageOf(reflect.TypeOf(into).String())
	if !ok {
		return unknown(reflect.TypeOf(into).String()).Next(nil)
	}
	check := nesting.Protobuf(message)
	for _, piece := range data {
		if err := check.Next(piece.ReadOnlyData()); err != nil {
			return err
		}
	}
	return c.CodecV2.Unmarshal(data, into)
}
