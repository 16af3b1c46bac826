package issuetrackerexporter

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // hosts without a zone database

	"github.com/otel-culprit/culprit/internal/nearname"
)

// QuietHours are times of the day, and whole days, in which nothing is sent.
type QuietHours struct {
	// From and To are times of the day; a time that ends before it begins goes over midnight.
	From string `mapstructure:"from"`
	To   string `mapstructure:"to"`
	// Days are whole days, such as sat.
	Days []string `mapstructure:"days"`
	// Timezone is a name of the IANA database.
	Timezone string `mapstructure:"timezone"`
	// Except are the levels that are told all the same.
	Except []string `mapstructure:"except"`

	_ struct{}
}

type quiet struct {
	from, to int // minutes of the day; equal = none
	days     [7]bool
	zone     *time.Location
	except   []string
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func (q *QuietHours) compile() (*quiet, error) {
	out := &quiet{zone: time.UTC, except: q.Except}
	var errs []error
	if q.From != "" || q.To != "" {
		var err1, err2 error
		out.from, err1 = minutes("quiet_hours::from", q.From, "22:00")
		out.to, err2 = minutes("quiet_hours::to", q.To, "07:00")
		errs = append(errs, err1, err2)
		if err1 == nil && err2 == nil && out.from == out.to {
			errs = append(errs, errors.New("'quiet_hours': 'from' and 'to' are the same time; for whole days use 'days', e.g. days: [sat, sun]"))
		}
	} else if len(q.Days) == 0 {
		errs = append(errs, errors.New("'quiet_hours' needs 'from' and 'to', or 'days', e.g. {from: \"22:00\", to: \"07:00\", days: [sat, sun]}"))
	}
	for i, d := range q.Days {
		n := slices.Index(weekdays, strings.ToLower(d))
		if n < 0 {
			errs = append(errs, fmt.Errorf("'quiet_hours::days::%d': %q is no day%s; use %s", i, d, nearname.Hint(d, weekdays...), strings.Join(weekdays, ", ")))
			continue
		}
		out.days[n] = true
	}
	if out.days == [7]bool{true, true, true, true, true, true, true} {
		errs = append(errs, errors.New("'quiet_hours::days' are all days: nothing would ever be sent"))
	}
	if q.Timezone != "" {
		zone, err := time.LoadLocation(q.Timezone)
		if err != nil {
			errs = append(errs, fmt.Errorf("'quiet_hours::timezone': %q is no time zone (%w), e.g. Europe/Berlin", q.Timezone, err))
		} else {
			out.zone = zone
		}
	}
	errs = append(errs, levels("quiet_hours::except", q.Except))
	return out, errors.Join(errs...)
}

func minutes(key, s, example string) (int, error) {
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, fmt.Errorf("'%s': %q is no time of the day, e.g. %q", key, s, example)
	}
	return t.Hour()*60 + t.Minute(), nil
}

// until returns when the quiet time that now is in ends; zero when it is none.
func (q *quiet) until(now time.Time, level string) time.Time {
	if q == nil || slices.Contains(q.except, level) || !q.in(now) {
		return time.Time{}
	}
	t := now.In(q.zone).Truncate(time.Minute)
	for range 8 * 24 * 60 {
		if t = t.Add(time.Minute); !q.in(t) {
			return t
		}
	}
	return t
}

func (q *quiet) in(at time.Time) bool {
	t := at.In(q.zone)
	if q.days[t.Weekday()] {
		return true
	}
	m := t.Hour()*60 + t.Minute()
	switch {
	case q.from == q.to:
		return false
	case q.from < q.to:
		return m >= q.from && m < q.to
	}
	return m >= q.from || m < q.to
}
