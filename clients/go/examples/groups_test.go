// Package example has tests with Cloudflare's official SDK.
package example

import (
	"context"
	"testing"

	agm "github.com/access-groups-mock/access-groups-mock/clients/go"

	"github.com/cloudflare/cloudflare-go"
)

var account = cloudflare.AccountIdentifier("023e105f4ecef8ad9ca31a8372d0c353")

func TestGroupIsCreatedAndListed(t *testing.T) {
	mock := agm.Start(t)
	client := newClient(t, mock.Mock)

	group := cloudflare.CreateAccessGroupParams{Name: "Admins", Include: []any{cloudflare.AccessGroupEveryone{}}}
	if _, err := client.CreateAccessGroup(context.Background(), account, group); err != nil {
		t.Fatal(err)
	}

	groups, _, err := client.ListAccessGroups(context.Background(), account, cloudflare.ListAccessGroupsParams{})
	if err != nil || len(groups) != 1 || groups[0].Name != "Admins" {
		t.Errorf("listed %+v, %v", groups, err)
	}
	created := agm.Pattern{Operation: "cloudflare_create_access_group"}
	if err := mock.Admin.Verify(created, agm.Exactly(1)); err != nil {
		t.Error(err)
	}
}

func TestClientReturnsAnErrorDuringAnOutage(t *testing.T) {
	mock := agm.Start(t)
	client := newClient(t, mock.Mock)
	if _, err := mock.Admin.Fault(agm.Fault{Effect: agm.Effect{Type: "status", Status: 503}}); err != nil {
		t.Fatal(err)
	}

	_, _, err := client.ListAccessGroups(context.Background(), account, cloudflare.ListAccessGroupsParams{})

	if err == nil {
		t.Error("the client returned no error")
	}
}

func newClient(t *testing.T, mock *agm.Mock) *cloudflare.API {
	t.Helper()
	noRetries := cloudflare.UsingRetryPolicy(0, 0, 0)
	client, err := cloudflare.NewWithAPIToken("any", cloudflare.BaseURL(mock.URLs.Cloudflare), noRetries)
	if err != nil {
		t.Fatal(err)
	}
	return client
}
