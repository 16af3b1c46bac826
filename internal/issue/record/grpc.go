package record

import (
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// grpcNames are the status codes of gRPC by number
// (https://grpc.github.io/grpc/core/md_doc_statuscodes.html).
var grpcNames = [...]string{
	"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
	"PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
	"INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
}

// grpcCode reads a status code that is a number or, from semantic conventions 1.38 on, a name.
func grpcCode(v pcommon.Value) int64 {
	if v.Type() == pcommon.ValueTypeStr {
		for i, name := range grpcNames {
			if v.Str() == name {
				return int64(i)
			}
		}
	}
	return number(v)
}

func grpcName(code int64) string {
	if code >= 0 && code < int64(len(grpcNames)) {
		return grpcNames[code]
	}
	return strconv.FormatInt(code, 10)
}

// grpcServerError tells which codes are the server's fault
// (https://opentelemetry.io/docs/specs/semconv/rpc/grpc/#grpc-status).
func grpcServerError(code int64) bool {
	switch code {
	case 2, 4, 12, 13, 14, 15:
		return true
	default:
		return false
	}
}
