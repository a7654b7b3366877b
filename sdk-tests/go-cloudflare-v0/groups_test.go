// Package cloudflare_test drives access groups and permission groups.
package cloudflare_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/cloudflare/cloudflare-go"
	"sdktests/space"
)

const create = "cloudflare_create_access_group"

var (
	ctx     = context.Background()
	account = cloudflare.AccountIdentifier("023e105f4ecef8ad9ca31a8372d0c353")
	zone    = cloudflare.ZoneIdentifier("9a7806061c88ada191ed06f989cc3dac")
)

func everyone() []any {
	return []any{cloudflare.AccessGroupEveryone{}}
}

// connect returns a client that is not slowed down to four requests a second.
func connect(t *testing.T, s space.Space, options ...cloudflare.Option) *cloudflare.API {
	t.Helper()
	options = append([]cloudflare.Option{
		cloudflare.BaseURL(s.URL + "/client/v4"), cloudflare.UsingRateLimit(1000),
	}, options...)
	api, err := cloudflare.NewWithAPIToken("any", options...)
	space.Must(t, err)
	return api
}

func faulty(fault string) cloudflare.Option {
	return cloudflare.Headers(http.Header{"X-Mock-Fault": {fault}})
}

func makeGroup(api *cloudflare.API, owner *cloudflare.ResourceContainer, name string) (cloudflare.AccessGroup, error) {
	return api.CreateAccessGroup(ctx, owner, cloudflare.CreateAccessGroupParams{Name: name, Include: everyone()})
}

func names(t *testing.T, api *cloudflare.API, owner *cloudflare.ResourceContainer) []string {
	t.Helper()
	groups, _, err := api.ListAccessGroups(ctx, owner, cloudflare.ListAccessGroupsParams{})
	space.Must(t, err)
	found := []string{}
	for _, group := range groups {
		found = append(found, group.Name)
	}
	return found
}

func TestGroupsLive(t *testing.T) {
	for name, owner := range map[string]*cloudflare.ResourceContainer{"account": account, "zone": zone} {
		t.Run(name, func(t *testing.T) {
			api := connect(t, space.New(t))

			made, err := makeGroup(api, owner, "devs")
			space.Must(t, err)
			read, err := api.GetAccessGroup(ctx, owner, made.ID)
			space.Must(t, err)
			space.Equal(t, read.Name, "devs")
			update := cloudflare.UpdateAccessGroupParams{ID: made.ID, Name: "renamed", Include: everyone()}
			updated, err := api.UpdateAccessGroup(ctx, owner, update)
			space.Must(t, err)
			space.Equal(t, updated.Name, "renamed")

			space.Equal(t, names(t, api, owner), []string{"renamed"})

			space.Must(t, api.DeleteAccessGroup(ctx, owner, made.ID))
			_, err = api.GetAccessGroup(ctx, owner, made.ID)
			var missing *cloudflare.NotFoundError
			if !errors.As(err, &missing) {
				t.Errorf("got %v, want a NotFoundError", err)
			}
		})
	}
}

func TestTheListIsWalkedToItsEnd(t *testing.T) {
	api := connect(t, space.New(t))
	want := []string{}
	for number := range 30 {
		want = append(want, fmt.Sprintf("team %02d", number))
		_, err := makeGroup(api, account, want[number])
		space.Must(t, err)
	}

	// It asks for 25 at a time.
	space.Equal(t, names(t, api, account), want)
}

func TestOnePageIsReadByItself(t *testing.T) {
	api := connect(t, space.New(t))
	for number := range 5 {
		_, err := makeGroup(api, account, fmt.Sprintf("team %d", number))
		space.Must(t, err)
	}

	params := cloudflare.ListAccessGroupsParams{ResultInfo: cloudflare.ResultInfo{Page: 2, PerPage: 2}}
	groups, info, err := api.ListAccessGroups(ctx, account, params)

	space.Must(t, err)
	space.Equal(t, groups[0].Name, "team 2")
	space.Equal(t, info.Total, 5)
}

func TestBadInputIsARequestError(t *testing.T) {
	api := connect(t, space.New(t))

	_, err := api.CreateAccessGroup(ctx, account, cloudflare.CreateAccessGroupParams{})

	var bad *cloudflare.RequestError
	if !errors.As(err, &bad) {
		t.Errorf("got %v, want a RequestError", err)
	}
}

func TestPermissionGroupsAreListedAndRead(t *testing.T) {
	api := connect(t, space.New(t))

	groups, err := api.ListPermissionGroups(ctx, account, cloudflare.ListPermissionGroupParams{})
	space.Must(t, err)
	read, err := api.GetPermissionGroup(ctx, account, groups[1].ID)
	space.Must(t, err)
	space.Equal(t, read.Name, groups[1].Name)
}

// What the client does by itself when requests fail: three retries, 1 s, 2 s and 4 s later,
// for every method; it does not read Retry-After.

func TestA429IsTriedAgainAfterTheClientsOwnTime(t *testing.T) {
	s := space.New(t)
	began := time.Now()

	_, err := makeGroup(connect(t, s, faulty("status=429; retry-after=20; times=1")), account, "devs")

	space.Must(t, err)
	if took := time.Since(began); took < time.Second || took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	space.Equal(t, s.Requests(create), 2)
}

func TestA503TwiceIsOvercome(t *testing.T) {
	s := space.New(t)

	_, err := makeGroup(connect(t, s, faulty("status=503; times=2")), account, "devs")

	space.Must(t, err)
	space.Equal(t, s.Requests(create), 3)
}

func TestA503WithoutEndIsAnErrorAfterThreeRetries(t *testing.T) {
	s := space.New(t)

	_, err := makeGroup(connect(t, s, faulty("status=503")), account, "devs")

	if err == nil {
		t.Error("got no error")
	}
	space.Equal(t, s.Requests(create), 4)
}

func TestRetriesCanBeSwitchedOff(t *testing.T) {
	s := space.New(t)

	_, err := makeGroup(connect(t, s, faulty("status=503"), cloudflare.UsingRetryPolicy(0, 1, 1)), account, "devs")

	if err == nil {
		t.Error("got no error")
	}
	space.Equal(t, s.Requests(create), 1)
}

func TestALostAnswerMakesASecondGroup(t *testing.T) {
	s := space.New(t)

	_, err := makeGroup(connect(t, s, faulty("commit-then-fail; times=1")), account, "devs")

	space.Must(t, err)
	space.Equal(t, names(t, connect(t, s), account), []string{"devs", "devs"})
}

func TestASlowAnswerIsWaitedFor(t *testing.T) {
	s := space.New(t)

	_, err := makeGroup(connect(t, s, faulty("delay=300ms; times=1")), account, "devs")

	space.Must(t, err)
	space.Equal(t, s.Requests(create), 1)
}

func TestAnAnswerSlowerThanTheContextIsNotAskedForAgain(t *testing.T) {
	s := space.New(t)
	s.Fault(create, map[string]any{"type": "delay", "min": "2s"}, 0)
	brief, stop := context.WithTimeout(ctx, 300*time.Millisecond)
	defer stop()

	params := cloudflare.CreateAccessGroupParams{Name: "devs", Include: everyone()}
	_, err := connect(t, s).CreateAccessGroup(brief, account, params)

	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want a deadline", err)
	}
}
