package issue

import (
	"math"
	"time"
)

// The forecast of what an issue may do within an hour before it counts as escalating. The formulas
// are those of Sentry's escalating_issues_alg.py
// (https://github.com/getsentry/sentry/blob/master/src/sentry/issues/escalating/escalating_issues_alg.py).
const (
	hoursKept   = 336 // two weeks
	hoursInWeek = 168
	hoursInDay  = 24
	youngFactor = 10 // history below a week: limit = 10 x the highest hour
	// An issue's first hours say little of it: a deployment goes on, its users come back. Younger than babyAge it does not
	// escalate, and on its first day only when an hour has more than dayOneLimit, however quiet it was before.
	babyAge     = 3 * time.Hour
	dayOneLimit = 50
	// Calendar hours are too coarse during an incident: the forecast is compared with the last 60 minutes, in
	// slots of five, at every write. A burst escalates as soon as it has passed the limit of the hour.
	slotSeconds  = 300
	slotsPerHour = 12
)

// hourlyLimit returns how many occurrences an hour may have. history holds the complete hours, oldest
// first, without the running one, and lastHour is the unix hour of its last element. 0 = no history, no
// limit.
func hourlyLimit(history []uint32, lastHour int64) uint64 {
	if len(history) == 0 {
		return 0
	}
	var sum float64
	highest := uint64(0)
	for _, n := range history {
		highest = max(highest, uint64(n))
		sum += float64(n)
	}
	if highest == 0 {
		// Silent for as long as we remember: one occurrence an hour is what is known of it.
		return youngFactor
	}
	if len(history) < hoursInWeek {
		return youngFactor * highest
	}
	n := float64(len(history))
	avg := sum / n
	var square, weighted, weights float64
	next := lastHour + 1
	for i, c := range history {
		d := float64(c) - avg
		square += d * d
		w := 1.0
		if weekday(lastHour-int64(len(history)-1-i)) == weekday(next) {
			w = 2
		}
		weighted += w * float64(c)
		weights += w
	}
	sd := math.Sqrt(square / n)
	cv := sd / avg
	spike := float64(highest) * clamp(5*math.Exp(-0.65*cv), 2, 5)
	bursty := weighted/weights + clamp((avg+5*sd)/avg, 5, 8)*avg
	return uint64(math.Ceil(max(spike, bursty)))
}

// weekday of a unix hour; day 0 of the epoch was a Thursday.
func weekday(hour int64) int64 { return (hour/hoursInDay + 4) % 7 }

func clamp(v, lo, hi float64) float64 { return min(max(v, lo), hi) }

// escalates tells whether the last hour exceeds the forecast, and the limit that was passed.
func (r *Record) escalates(now time.Time) (bool, uint64) {
	age := now.Sub(r.FirstSeen)
	if age < babyAge {
		return false, 0
	}
	limit := hourlyLimit(r.history(now.Unix() / 3600))
	if age < hoursInDay*time.Hour && limit > 0 {
		limit = max(limit, dayOneLimit)
	}
	return limit > 0 && r.recent(now.Unix()/slotSeconds, slotsPerHour) > limit, limit
}

// recent sums the last n slots up to slot.
func (r *Record) recent(slot int64, n int64) uint64 {
	var sum uint64
	for _, s := range r.Slots {
		if s.At > slot-n && s.At <= slot {
			sum += s.N
		}
	}
	return sum
}

// history returns the complete hours before nowHour since the issue was first seen, and the unix hour of
// the last of them. The hour before nowHour is left out where there is an earlier one: the rolling hour
// that is compared with the forecast reaches back into it.
func (r *Record) history(nowHour int64) ([]uint32, int64) {
	if len(r.Hours) == 0 {
		return nil, 0
	}
	first := r.LastHour - int64(len(r.Hours)) + 1
	end := nowHour - 2
	if end < first {
		end = nowHour - 1
	}
	if end < first {
		return nil, 0
	}
	n := min(end-first+1, hoursKept-2)
	out := make([]uint32, n)
	start := end - n + 1
	for i := range out {
		if j := start + int64(i) - first; j >= 0 && j < int64(len(r.Hours)) {
			out[i] = r.Hours[j]
		}
	}
	return out, end
}
