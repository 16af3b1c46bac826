package target

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/rate"
)

// TrelloConfig is the target Trello (https://developer.atlassian.com/cloud/trello/rest).
type TrelloConfig struct {
	// Key and Token are the credential.
	Key   configopaque.String `mapstructure:"key"`
	Token configopaque.String `mapstructure:"token"`
	// List is the ID of the list that gets the cards.
	List string `mapstructure:"list"`
	// DoneList is the ID of the list that resolved cards are moved to; "" = they are archived.
	DoneList string `mapstructure:"done_list"`
	// Board is the ID of the list's board; "" = it is asked for.
	Board string `mapstructure:"board"`
	// Labels are IDs.
	Labels []string `mapstructure:"labels"`
	// URL is where the API is.
	URL string `mapstructure:"url"`

	_ struct{}
}

// DefaultTrello has the defaults.
func DefaultTrello() TrelloConfig { return TrelloConfig{URL: "https://api.trello.com"} }

var trelloID = regexp.MustCompile(`^[A-Za-z0-9]+$`)

// Validate names each mistake.
func (c *TrelloConfig) Validate() error {
	var errs []error
	if c.Key == "" {
		errs = append(errs, missing("key", "the API key of a Power-Up", "${env:TRELLO_KEY}"))
	}
	if c.Token == "" {
		errs = append(errs, missing("token", "a token that may write", "${env:TRELLO_TOKEN}"))
	}
	if c.List == "" {
		errs = append(errs, missing("list", "the ID of the list that gets the cards", "5f1a2b3c4d5e6f7a8b9c0d1e"))
	}
	for _, id := range []struct{ key, value string }{{"list", c.List}, {"done_list", c.DoneList}, {"board", c.Board}} {
		if id.value != "" {
			errs = append(errs, matches(id.key, id.value, trelloID, "is no ID", "5f1a2b3c4d5e6f7a8b9c0d1e"))
		}
	}
	errs = append(errs, baseURL("url", c.URL, "https://api.trello.com"))
	return errors.Join(errs...)
}

// New makes the target. The header keeps the credential out of URLs.
func (c *TrelloConfig) New(o Options) (Target, error) {
	auth := `OAuth oauth_consumer_key="` + string(c.Key) + `", oauth_token="` + string(c.Token) + `"`
	t := &trello{cfg: c, api: wire.Join(c.URL, "1"), lag: o.lag(5 * time.Second), client: wire.New(o.HTTP, wire.Options{
		Header: http.Header{"Authorization": {auth}, "Accept": {"application/json"}}, Agent: o.Agent,
		Limit: o.limit(rate.New(80, 10*time.Second)), DefaultWait: 10 * time.Second, Secrets: []string{string(c.Key), string(c.Token)},
	})}
	t.board.Store(&c.Board)
	return t, nil
}

type trello struct {
	cfg    *TrelloConfig
	api    string
	lag    time.Duration
	client *wire.Client
	board  atomic.Pointer[string]
}

const (
	trelloText  = 16384
	trelloQuery = 1500 // bytes of a value that still goes into the query
)

type trelloCard struct {
	ID     string `json:"id"`
	URL    string `json:"shortUrl"`
	Desc   string `json:"desc"`
	Closed bool   `json:"closed"`
	IDList string `json:"idList"`
	Board  string `json:"idBoard"`
}

func (t *trello) Traits() Traits {
	return Traits{Markup: card.Markdown{}, Search: true, Lag: t.lag, Quiet: true}
}

// request puts short values into the query, as the documentation has it, and long ones into the body.
func (t *trello) request(method, path string, values url.Values) wire.Request {
	query, form := url.Values{}, url.Values{}
	for k, v := range values {
		if len(v[0]) > trelloQuery {
			form[k] = v
		} else {
			query[k] = v
		}
	}
	r := wire.Request{Method: method, URL: t.api + path}
	if len(query) > 0 {
		r.URL += "?" + query.Encode()
	}
	if len(form) > 0 {
		r.Raw, r.Header = []byte(form.Encode()), http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	}
	return r
}

// marker is the line of a description that a card is found by.
func marker(key string) string { return card.LabelOf(key) }

func (t *trello) Find(ctx context.Context, key string) (Found, bool, error) {
	board := *t.board.Load()
	if board == "" {
		var list struct {
			IDBoard string `json:"idBoard"`
		}
		err := t.client.JSON(ctx, t.request(http.MethodGet, "/lists/"+t.cfg.List, url.Values{"fields": {"idBoard"}}), &list)
		if err != nil && wire.As(err).Status == http.StatusNotFound {
			return Found{}, false, nil // no such list is what the creation of a card says, if it is so
		}
		if err != nil {
			return Found{}, false, err
		}
		board = list.IDBoard
		t.board.Store(&board)
	}
	var cards []trelloCard
	q := url.Values{"fields": {"name,desc,closed,shortUrl,idList"}, "filter": {"all"}}
	if err := t.client.JSON(ctx, t.request(http.MethodGet, "/boards/"+url.PathEscape(board)+"/cards", q), &cards); err != nil {
		return Found{}, false, err
	}
	for _, c := range cards {
		if strings.Contains(c.Desc, marker(key)) {
			return Found{Ref: Ref{ID: c.ID, URL: c.URL}, Closed: c.Closed || t.cfg.DoneList != "" && c.IDList == t.cfg.DoneList}, true, nil
		}
	}
	return Found{}, false, nil
}

func (t *trello) Open(ctx context.Context, c *card.Card) (Ref, error) {
	mark := "\n\n" + marker(c.Key)
	v := url.Values{
		"idList": {t.cfg.List}, "name": {wire.Clip(c.Title, 300)},
		"desc": {wire.ClipUnits(card.Render(card.Markdown{}, c.Text, trelloText-len(mark)), trelloText-len(mark)) + mark},
	}
	if len(t.cfg.Labels) > 0 {
		v.Set("idLabels", strings.Join(t.cfg.Labels, ","))
	}
	var made trelloCard
	if err := t.client.JSON(ctx, t.request(http.MethodPost, "/cards", v), &made); err != nil {
		return Ref{}, err
	}
	if made.ID == "" {
		return Ref{}, wire.Doubt(errors.New("trello answered without the ID of the new card"))
	}
	if made.Board != "" && *t.board.Load() == "" {
		t.board.Store(&made.Board)
	}
	return Ref{ID: made.ID, URL: made.URL}, nil
}

func (t *trello) Comment(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	v := url.Values{"text": {wire.ClipUnits(card.Render(card.Markdown{}, c.Note, trelloText), trelloText)}}
	_, err := t.client.Do(ctx, t.request(http.MethodPost, "/cards/"+url.PathEscape(ref.ID)+"/actions/comments", v))
	return ref, gone(err)
}

func (t *trello) Resolve(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	v := url.Values{"closed": {"true"}}
	if t.cfg.DoneList != "" {
		v = url.Values{"idList": {t.cfg.DoneList}}
	}
	return t.move(ctx, ref, c, v)
}

func (t *trello) Reopen(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	v := url.Values{"closed": {"false"}}
	if t.cfg.DoneList != "" {
		v.Set("idList", t.cfg.List)
	}
	return t.move(ctx, ref, c, v)
}

// move changes the card, which can be repeated, and then comments.
func (t *trello) move(ctx context.Context, ref Ref, c *card.Card, v url.Values) (Ref, error) {
	if _, err := t.client.Do(ctx, t.request(http.MethodPut, "/cards/"+url.PathEscape(ref.ID), v)); err != nil {
		return ref, gone(err)
	}
	return t.Comment(ctx, ref, c)
}
