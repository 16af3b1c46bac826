// Package lumberjack is the server's side of the protocol that Beats and Logstash ship events with,
// in its versions 1 (https://github.com/elastic/logstash-forwarder/blob/master/PROTOCOL.md) and 2
// (https://github.com/elastic/go-lumber and https://github.com/logstash-plugins/logstash-input-beats).
//
// A connection is a series of windows. A window frame ('W') tells how many events follow, each in a
// frame of JSON ('J') or of key-value pairs ('D', version 1 only), plain or together in zlib frames ('C').
// The server answers the last event's sequence number ('A') once it has the whole window; a client that
// gets no answer sends the window again on a new connection. Nothing is bigger than the [Limits] say.
package lumberjack
