// Package fluent is the server's side of the protocol that Fluentd, Fluent Bit and the loggers of Fluentd send with
// (https://github.com/fluent/fluentd/wiki/Forward-Protocol-Specification-v1): MessagePack
// (https://github.com/msgpack/msgpack/blob/master/spec.md) in the modes message, forward, packed forward and compressed packed forward.
//
// Lengths that a client only promises take no memory, lists in lists no stack, and of a large message only a part is held at a time.
package fluent
