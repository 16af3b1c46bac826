package target

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/rate"
)

// SNSConfig is the target Amazon SNS (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html). The credential comes from
// where AWS programs look for it: environment, shared files, web identity, container, instance.
type SNSConfig struct {
	// TopicARN is a topic, standard or FIFO.
	TopicARN string `mapstructure:"topic_arn"`
	// PhoneNumber gets an SMS instead.
	PhoneNumber string `mapstructure:"phone_number"`
	// Region; "" = that of the topic, or of the environment.
	Region string `mapstructure:"region"`
	// Endpoint replaces that of AWS.
	Endpoint string `mapstructure:"endpoint"`
	// Format is text or json (Alertmanager's form, as the target webhook sends it).
	Format string `mapstructure:"format"`

	_ struct{}
}

// DefaultSNS has the defaults.
func DefaultSNS() SNSConfig { return SNSConfig{Format: "text"} }

const (
	snsTopic   = "arn:aws:sns:eu-central-1:123456789012:errors"
	snsMessage = 250 << 10 // bytes; 256 KiB with the attributes
	snsSMS     = 1600
)

var (
	topicARN    = regexp.MustCompile(`^arn:[a-z-]+:sns:([a-z0-9-]+):[0-9]{12}:[A-Za-z0-9_-]+(\.fifo)?$`)
	phoneNumber = regexp.MustCompile(`^\+[0-9]{7,15}$`)
)

// Validate names each mistake.
func (c *SNSConfig) Validate() error {
	var errs []error
	switch {
	case c.TopicARN == "" && c.PhoneNumber == "":
		errs = append(errs, missing("topic_arn", "the topic, or 'phone_number' for an SMS", snsTopic))
	case c.TopicARN != "" && c.PhoneNumber != "":
		errs = append(errs, errors.New("'topic_arn' and 'phone_number' exclude each other: make one exporter for each"))
	case c.TopicARN != "":
		errs = append(errs, matches("topic_arn", c.TopicARN, topicARN, "is no ARN of a topic", snsTopic))
	default:
		errs = append(errs, matches("phone_number", c.PhoneNumber, phoneNumber, "is no number in E.164 form", "+4930123456"))
	}
	if c.Endpoint != "" {
		errs = append(errs, baseURL("endpoint", c.Endpoint, "http://localhost:5000"))
	}
	errs = append(errs, oneOf("format", c.Format, "text", "json"))
	return errors.Join(errs...)
}

// New makes the target. Nothing is read from the environment before the first message.
func (c *SNSConfig) New(o Options) (Target, error) {
	return &snsTarget{cfg: c, opt: o, fifo: strings.HasSuffix(c.TopicARN, ".fifo"), gate: wire.NewGate(o.limit(rate.New(30, time.Second)))}, nil
}

type snsTarget struct {
	noFind
	cfg  *SNSConfig
	opt  Options
	fifo bool
	gate *wire.Gate

	mu     sync.Mutex
	client *sns.Client // guarded by mu; made for the first message
}

func (t *snsTarget) Traits() Traits { return Traits{Markup: card.Plain{}, Keyed: true, Quiet: true} }

func (t *snsTarget) connect(ctx context.Context) (*sns.Client, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.client != nil {
		return t.client, nil
	}
	region := t.cfg.Region
	if m := topicARN.FindStringSubmatch(t.cfg.TopicARN); region == "" && m != nil {
		region = m[1]
	}
	options := []func(*config.LoadOptions) error{
		config.WithAppID("culprit"),
		config.WithRetryer(func() aws.Retryer { return aws.NopRetryer{} }), // the queue retries
	}
	if region != "" {
		options = append(options, config.WithRegion(region))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, wire.Deny(fmt.Errorf("load the AWS configuration: %w", err))
	}
	t.client = sns.NewFromConfig(cfg, func(o *sns.Options) {
		o.HTTPClient = wire.Straight(t.opt.HTTP) // of the messages; credentials are asked for with the SDK's own client
		if t.cfg.Endpoint != "" {
			o.BaseEndpoint = &t.cfg.Endpoint
		}
	})
	return t.client, nil
}

func (t *snsTarget) Open(ctx context.Context, c *card.Card) (Ref, error) {
	return t.publish(ctx, c, c.Text)
}

func (t *snsTarget) Comment(ctx context.Context, _ Ref, c *card.Card) (Ref, error) {
	return t.publish(ctx, c, c.Note)
}

func (t *snsTarget) Resolve(ctx context.Context, _ Ref, c *card.Card) (Ref, error) {
	return t.publish(ctx, c, c.Note)
}

func (t *snsTarget) Reopen(ctx context.Context, _ Ref, c *card.Card) (Ref, error) {
	return t.publish(ctx, c, c.Note)
}

func (t *snsTarget) publish(ctx context.Context, c *card.Card, text card.Text) (Ref, error) {
	ref := Ref{ID: c.Key}
	client, err := t.connect(ctx)
	if err != nil {
		return ref, err
	}
	in, err := t.message(c, text)
	if err != nil {
		return ref, wire.Refuse(err)
	}
	return ref, t.gate.Do(ctx, "Amazon SNS", func(ctx context.Context) *wire.Error {
		_, err := client.Publish(ctx, in)
		return judgeSNS(err)
	})
}

func (t *snsTarget) message(c *card.Card, text card.Text) (*sns.PublishInput, error) {
	in := &sns.PublishInput{MessageAttributes: map[string]types.MessageAttributeValue{}}
	body := c.Title + "\n\n" + card.Render(card.Plain{}, text, snsMessage/4)
	if t.cfg.Format == "json" {
		b, err := (&webhook{tracker: t.opt.Tracker}).body(c)
		if err != nil {
			return nil, err
		}
		body = string(b)
	}
	if t.cfg.PhoneNumber != "" {
		in.PhoneNumber = &t.cfg.PhoneNumber
		body = wire.ClipBytes(c.Title+" "+c.Issue.URL, snsSMS)
	} else {
		in.TopicArn = &t.cfg.TopicARN
		in.Subject = aws.String(subject100(c))
	}
	in.Message = aws.String(wire.ClipBytes(body, snsMessage))
	for k, v := range map[string]string{"action": string(c.Action), "issue_id": c.Issue.ID, "service": c.Issue.Service, "level": c.Issue.Level, "state": string(c.Issue.State)} {
		if v = wire.Clip(v, 200); v != "" {
			in.MessageAttributes[k] = types.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String(v)}
		}
	}
	if t.fifo {
		// The ID has the action in it: a resolution soon after its error is another message.
		in.MessageGroupId, in.MessageDeduplicationId = aws.String(c.Key), aws.String(idempotencyKey(c))
	}
	return in, nil
}

// subject100 is a subject as SNS wants it: at most 100 characters of printable ASCII that begin with a
// letter, a digit or a mark.
func subject100(c *card.Card) string {
	s := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, wire.Line(c.Title))
	if c.Action != card.Open {
		s = strings.ToUpper(string(c.Action)) + ": " + s
	}
	if s = strings.TrimSpace(s); s == "" {
		s = "Issue " + c.Issue.ID
	}
	if len(s) > 100 {
		s = s[:97] + "..."
	}
	return s
}
