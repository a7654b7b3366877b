// Package cloudflare_test tests access groups and permission groups.
package cloudflare_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/cloudflare/cloudflare-go"
	"sdktests/mocktest"
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

// connect returns a client without the default limit of four requests per second.
func connect(t *testing.T, ns mocktest.Namespace, options ...cloudflare.Option) *cloudflare.API {
	t.Helper()
	options = append([]cloudflare.Option{
		cloudflare.BaseURL(ns.URL + "/client/v4"), cloudflare.UsingRateLimit(1000),
	}, options...)
	api, err := cloudflare.NewWithAPIToken("any", options...)
	mocktest.NoError(t, err)
	return api
}

func withFault(fault string) cloudflare.Option {
	return cloudflare.Headers(http.Header{"X-Mock-Fault": {fault}})
}

func createGroup(
	api *cloudflare.API, owner *cloudflare.ResourceContainer, name string,
) (cloudflare.AccessGroup, error) {
	return api.CreateAccessGroup(ctx, owner, cloudflare.CreateAccessGroupParams{Name: name, Include: everyone()})
}

func names(t *testing.T, api *cloudflare.API, owner *cloudflare.ResourceContainer) []string {
	t.Helper()
	groups, _, err := api.ListAccessGroups(ctx, owner, cloudflare.ListAccessGroupsParams{})
	mocktest.NoError(t, err)
	found := []string{}
	for _, group := range groups {
		found = append(found, group.Name)
	}
	return found
}

func TestGroupLifecycle(t *testing.T) {
	for name, owner := range map[string]*cloudflare.ResourceContainer{"account": account, "zone": zone} {
		t.Run(name, func(t *testing.T) {
			api := connect(t, mocktest.NewNamespace(t))

			created, err := createGroup(api, owner, "devs")
			mocktest.NoError(t, err)
			read, err := api.GetAccessGroup(ctx, owner, created.ID)
			mocktest.NoError(t, err)
			mocktest.Equal(t, read.Name, "devs")
			update := cloudflare.UpdateAccessGroupParams{ID: created.ID, Name: "renamed", Include: everyone()}
			updated, err := api.UpdateAccessGroup(ctx, owner, update)
			mocktest.NoError(t, err)
			mocktest.Equal(t, updated.Name, "renamed")

			mocktest.Equal(t, names(t, api, owner), []string{"renamed"})

			mocktest.NoError(t, api.DeleteAccessGroup(ctx, owner, created.ID))
			_, err = api.GetAccessGroup(ctx, owner, created.ID)
			var missing *cloudflare.NotFoundError
			if !errors.As(err, &missing) {
				t.Errorf("got %v, want a NotFoundError", err)
			}
		})
	}
}

func TestTheListContainsAllPages(t *testing.T) {
	api := connect(t, mocktest.NewNamespace(t))
	want := []string{}
	for number := range 30 {
		want = append(want, fmt.Sprintf("team %02d", number))
		_, err := createGroup(api, account, want[number])
		mocktest.NoError(t, err)
	}

	// The client requests pages of 25.
	mocktest.Equal(t, names(t, api, account), want)
}

func TestASinglePageCanBeRequested(t *testing.T) {
	api := connect(t, mocktest.NewNamespace(t))
	for number := range 5 {
		_, err := createGroup(api, account, fmt.Sprintf("team %d", number))
		mocktest.NoError(t, err)
	}

	// The live service accepts only some sizes.
	params := cloudflare.ListAccessGroupsParams{ResultInfo: cloudflare.ResultInfo{Page: 3, PerPage: 1}}
	groups, info, err := api.ListAccessGroups(ctx, account, params)

	mocktest.NoError(t, err)
	mocktest.Equal(t, groups[0].Name, "team 2")
	mocktest.Equal(t, info.Total, 5)
}

func TestInvalidInputIsARequestError(t *testing.T) {
	api := connect(t, mocktest.NewNamespace(t))

	_, err := api.CreateAccessGroup(ctx, account, cloudflare.CreateAccessGroupParams{})

	var bad *cloudflare.RequestError
	if !errors.As(err, &bad) {
		t.Errorf("got %v, want a RequestError", err)
	}
}

func TestPermissionGroupsAreListedAndRead(t *testing.T) {
	api := connect(t, mocktest.NewNamespace(t))

	groups, err := api.ListPermissionGroups(ctx, account, cloudflare.ListPermissionGroupParams{})
	mocktest.NoError(t, err)
	read, err := api.GetPermissionGroup(ctx, account, groups[1].ID)
	mocktest.NoError(t, err)
	mocktest.Equal(t, read.Name, groups[1].Name)
}

// The retries of the client: three, after 1 s, 2 s and 4 s, for every method; Retry-After is ignored.

func TestA429IsRetriedAfterTheClientsOwnDelay(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	started := time.Now()

	_, err := createGroup(connect(t, ns, withFault("status=429; retry-after=20; times=1")), account, "devs")

	mocktest.NoError(t, err)
	if elapsed := time.Since(started); elapsed < time.Second || elapsed > 5*time.Second {
		t.Errorf("it took %v", elapsed)
	}
	mocktest.Equal(t, ns.Requests(create), 2)
}

func TestTwo503ResponsesAreRetried(t *testing.T) {
	ns := mocktest.NewNamespace(t)

	_, err := createGroup(connect(t, ns, withFault("status=503; times=2")), account, "devs")

	mocktest.NoError(t, err)
	mocktest.Equal(t, ns.Requests(create), 3)
}

func TestAPersistent503IsAnErrorAfterThreeRetries(t *testing.T) {
	ns := mocktest.NewNamespace(t)

	_, err := createGroup(connect(t, ns, withFault("status=503")), account, "devs")

	if err == nil {
		t.Error("got no error")
	}
	mocktest.Equal(t, ns.Requests(create), 4)
}

func TestRetriesCanBeDisabled(t *testing.T) {
	ns := mocktest.NewNamespace(t)

	_, err := createGroup(connect(t, ns, withFault("status=503"), cloudflare.UsingRetryPolicy(0, 1, 1)), account, "devs")

	if err == nil {
		t.Error("got no error")
	}
	mocktest.Equal(t, ns.Requests(create), 1)
}

func TestADroppedResponseCreatesASecondGroup(t *testing.T) {
	ns := mocktest.NewNamespace(t)

	_, err := createGroup(connect(t, ns, withFault("commit-then-fail; times=1")), account, "devs")

	mocktest.NoError(t, err)
	mocktest.Equal(t, names(t, connect(t, ns), account), []string{"devs", "devs"})
}

func TestASlowResponseSucceeds(t *testing.T) {
	ns := mocktest.NewNamespace(t)

	_, err := createGroup(connect(t, ns, withFault("delay=300ms; times=1")), account, "devs")

	mocktest.NoError(t, err)
	mocktest.Equal(t, ns.Requests(create), 1)
}

func TestAContextDeadlineIsNotRetried(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	ns.Fault(create, map[string]any{"type": "delay", "min": "2s"}, 0)
	deadline, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()

	params := cloudflare.CreateAccessGroupParams{Name: "devs", Include: everyone()}
	_, err := connect(t, ns).CreateAccessGroup(deadline, account, params)

	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want context.DeadlineExceeded", err)
	}
}
