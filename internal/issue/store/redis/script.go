package redis

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// call is one run of a script.
type call struct {
	keys []string
	args []any
	cmd  *redis.Cmd // its answer
}

// run runs a script for each call, all in one round trip, by the script's hash. A server that does not know the
// script (the first time, after a restart or SCRIPT FLUSH) gets its text with the first of those that it refused.
func (s *Store) run(ctx context.Context, script *redis.Script, calls []call) error {
	_, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i := range calls {
			calls[i].cmd = script.EvalSha(ctx, p, calls[i].keys, calls[i].args...)
		}
		return nil
	})
	if !redis.HasErrorPrefix(err, "NOSCRIPT") {
		return failed(err)
	}
	_, err = s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		told := false
		for i := range calls {
			switch c := &calls[i]; {
			case !redis.HasErrorPrefix(c.cmd.Err(), "NOSCRIPT"):
			case told:
				c.cmd = script.EvalSha(ctx, p, c.keys, c.args...)
			default:
				c.cmd, told = script.Eval(ctx, p, c.keys, c.args...), true
			}
		}
		return nil
	})
	return failed(err)
}
