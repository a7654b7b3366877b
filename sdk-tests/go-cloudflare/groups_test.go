// Package cloudflare_test tests access groups, resource groups and permission groups.
package cloudflare_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/cloudflare/cloudflare-go/v7"
	"github.com/cloudflare/cloudflare-go/v7/iam"
	"github.com/cloudflare/cloudflare-go/v7/option"
	"github.com/cloudflare/cloudflare-go/v7/zero_trust"
	"sdktests/mocktest"
)

const (
	account = "023e105f4ecef8ad9ca31a8372d0c353"
	zone    = "9a7806061c88ada191ed06f989cc3dac"
)

var ctx = context.Background()

func connect(ns mocktest.Namespace, options ...option.RequestOption) *cloudflare.Client {
	options = append([]option.RequestOption{
		option.WithBaseURL(ns.URL + "/client/v4/"), option.WithAPIToken("any"),
	}, options...)
	return cloudflare.NewClient(options...)
}

func everyone() cloudflareRules {
	return cloudflareRules{zero_trust.EveryoneRuleParam{Everyone: cloudflare.F(zero_trust.EveryoneRuleEveryoneParam{})}}
}

type cloudflareRules = []zero_trust.AccessRuleUnionParam

func newGroup(name string) zero_trust.AccessGroupNewParams {
	return zero_trust.AccessGroupNewParams{
		AccountID: cloudflare.F(account), Name: cloudflare.F(name), Include: cloudflare.F(everyone()),
	}
}

func createGroup(t *testing.T, client *cloudflare.Client, name string) string {
	t.Helper()
	created, err := client.ZeroTrust.Access.Groups.New(ctx, newGroup(name))
	mocktest.NoError(t, err)
	return created.ID
}

func names(t *testing.T, client *cloudflare.Client) []string {
	t.Helper()
	pages := client.ZeroTrust.Access.Groups.ListAutoPaging(ctx, zero_trust.AccessGroupListParams{
		// The live service accepts only some sizes.
		AccountID: cloudflare.F(account), PerPage: cloudflare.F[int64](1),
	})
	found := []string{}
	for pages.Next() {
		found = append(found, pages.Current().Name)
	}
	mocktest.NoError(t, pages.Err())
	return found
}

func hasStatus(t *testing.T, err error, status int) {
	t.Helper()
	var apiError *cloudflare.Error
	if !errors.As(err, &apiError) {
		t.Fatalf("got %v, want a cloudflare.Error", err)
	}
	mocktest.Equal(t, apiError.StatusCode, status)
	if len(apiError.Errors) == 0 {
		t.Error("the error contains no API errors")
	}
}

func TestAccountGroupLifecycle(t *testing.T) {
	groups := connect(mocktest.NewNamespace(t)).ZeroTrust.Access.Groups

	created, err := groups.New(ctx, newGroup("devs"))
	mocktest.NoError(t, err)
	mocktest.Equal(t, len(created.Include), 1)
	read, err := groups.Get(ctx, created.ID, zero_trust.AccessGroupGetParams{AccountID: cloudflare.F(account)})
	mocktest.NoError(t, err)
	mocktest.Equal(t, read.Name, "devs")
	updated, err := groups.Update(ctx, created.ID, zero_trust.AccessGroupUpdateParams{
		AccountID: cloudflare.F(account), Name: cloudflare.F("renamed"), Include: cloudflare.F(everyone()),
	})
	mocktest.NoError(t, err)
	mocktest.Equal(t, updated.Name, "renamed")

	deleted, err := groups.Delete(ctx, created.ID, zero_trust.AccessGroupDeleteParams{AccountID: cloudflare.F(account)})
	mocktest.NoError(t, err)
	mocktest.Equal(t, deleted.ID, created.ID)
	_, err = groups.Get(ctx, created.ID, zero_trust.AccessGroupGetParams{AccountID: cloudflare.F(account)})
	hasStatus(t, err, http.StatusNotFound)
}

func TestZoneGroupLifecycle(t *testing.T) {
	groups := connect(mocktest.NewNamespace(t)).ZeroTrust.Access.Groups

	created, err := groups.New(ctx, zero_trust.AccessGroupNewParams{
		ZoneID: cloudflare.F(zone), Name: cloudflare.F("office"), Include: cloudflare.F(everyone()),
	})
	mocktest.NoError(t, err)
	_, err = groups.Get(ctx, created.ID, zero_trust.AccessGroupGetParams{ZoneID: cloudflare.F(zone)})
	mocktest.NoError(t, err)
	_, err = groups.Update(ctx, created.ID, zero_trust.AccessGroupUpdateParams{
		ZoneID: cloudflare.F(zone), Name: cloudflare.F("renamed"), Include: cloudflare.F(everyone()),
	})
	mocktest.NoError(t, err)
	page, err := groups.List(ctx, zero_trust.AccessGroupListParams{ZoneID: cloudflare.F(zone)})
	mocktest.NoError(t, err)
	mocktest.Equal(t, page.Result[0].Name, "renamed")
	_, err = groups.Delete(ctx, created.ID, zero_trust.AccessGroupDeleteParams{ZoneID: cloudflare.F(zone)})
	mocktest.NoError(t, err)
}

func TestAutoPagingReturnsAllGroups(t *testing.T) {
	client := connect(mocktest.NewNamespace(t))
	want := []string{}
	for number := range 5 {
		want = append(want, fmt.Sprintf("team %d", number))
		createGroup(t, client, want[number])
	}

	mocktest.Equal(t, names(t, client), want)
}

func TestInvalidInputIsAnError(t *testing.T) {
	params := newGroup("")
	params.Include = cloudflare.F(cloudflareRules{})

	_, err := connect(mocktest.NewNamespace(t)).ZeroTrust.Access.Groups.New(ctx, params)

	hasStatus(t, err, http.StatusBadRequest)
}

func TestResourceGroupLifecycle(t *testing.T) {
	groups := connect(mocktest.NewNamespace(t)).IAM.ResourceGroups

	created, err := groups.New(ctx, iam.ResourceGroupNewParams{
		AccountID: cloudflare.F(account),
		Name:      cloudflare.F("zones"),
		Scope: cloudflare.F(iam.ResourceGroupNewParamsScope{
			Key:     cloudflare.F("com.cloudflare.api.account." + account),
			Objects: cloudflare.F([]iam.ResourceGroupNewParamsScopeObject{{Key: cloudflare.F("*")}}),
		}),
	})
	mocktest.NoError(t, err)
	mocktest.Equal(t, created.Scope.Objects[0].Key, "*")
	_, err = groups.Update(ctx, created.ID, iam.ResourceGroupUpdateParams{
		AccountID: cloudflare.F(account), Name: cloudflare.F("renamed"),
	})
	mocktest.NoError(t, err)
	read, err := groups.Get(ctx, created.ID, iam.ResourceGroupGetParams{AccountID: cloudflare.F(account)})
	mocktest.NoError(t, err)
	mocktest.Equal(t, read.Name, "renamed")

	page, err := groups.List(ctx, iam.ResourceGroupListParams{AccountID: cloudflare.F(account)})
	mocktest.NoError(t, err)
	mocktest.Equal(t, len(page.Result), 2)
	_, err = groups.Delete(ctx, page.Result[0].ID, iam.ResourceGroupDeleteParams{AccountID: cloudflare.F(account)})
	hasStatus(t, err, http.StatusUnprocessableEntity)
	_, err = groups.Delete(ctx, created.ID, iam.ResourceGroupDeleteParams{AccountID: cloudflare.F(account)})
	mocktest.NoError(t, err)
}

func TestPermissionGroupsArePaginatedAndRead(t *testing.T) {
	groups := connect(mocktest.NewNamespace(t)).IAM.PermissionGroups

	pages := groups.ListAutoPaging(ctx, iam.PermissionGroupListParams{
		AccountID: cloudflare.F(account), PerPage: cloudflare.F(2.0),
	})
	found := []string{}
	for pages.Next() {
		found = append(found, pages.Current().ID)
	}
	mocktest.NoError(t, pages.Err())
	if len(found) < 3 {
		t.Errorf("got only %v", found)
	}
	_, err := groups.Get(ctx, found[2], iam.PermissionGroupGetParams{AccountID: cloudflare.F(account)})
	mocktest.NoError(t, err)
}
