// A round trip in each dialect and in the admin API with the client of oapi-codegen: `roundtrip URL`.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"roundtrip/api"
)

var ctx = context.Background()

func check(ok bool, format string, values ...any) {
	if !ok {
		panic(fmt.Sprintf(format, values...))
	}
}

func must[T any](value T, err error) T {
	check(err == nil, "%v", err)
	return value
}

func newClient(url string) *api.ClientWithResponses {
	authorize := func(_ context.Context, request *http.Request) error {
		request.Header.Set("Authorization", "Bearer any")
		return nil
	}
	return must(api.NewClientWithResponses(url, api.WithRequestEditorFn(authorize)))
}

func cloudflare(url string) {
	client, account := newClient(url+"/client/v4"), "699d98642c564d2e855e9661899b7252"
	email := struct {
		Email string `json:"email"`
	}{"ada@example.com"}
	body := api.CloudflareAccessGroupRequest{Name: "generated", Include: []api.CloudflareRule{{Email: &email}}}
	created := must(client.CloudflareCreateAccessGroupWithResponse(ctx, account, body))
	check(created.JSON201 != nil, "%s", created.Body)
	id := created.JSON201.Result.Id
	read := must(client.CloudflareGetAccessGroupWithResponse(ctx, account, id))
	check(read.JSON200.Result.Include[0].Email.Email == "ada@example.com", "%s", read.Body)
	name := "generated"
	listed := must(client.CloudflareListAccessGroupsWithResponse(ctx, account, &api.CloudflareListAccessGroupsParams{Name: &name}))
	check(len(listed.JSON200.Result) == 1 && listed.JSON200.Result[0].Id == id, "%s", listed.Body)
	deleted := must(client.CloudflareDeleteAccessGroupWithResponse(ctx, account, id))
	check(deleted.JSON202.Result.Id == id, "%s", deleted.Body)
	unknown := must(client.CloudflareGetAccessGroupWithResponse(ctx, account, id))
	reason := must(unknown.JSON404.AsCloudflareServiceError())
	check(reason.Errors[0].Code == 12152, "%s", unknown.Body)
}

func ibm(client *api.ClientWithResponses) {
	body := api.IbmGroupCreateRequest{Name: "generated"}
	created := must(client.IbmCreateAccessGroupWithResponse(ctx, &api.IbmCreateAccessGroupParams{AccountId: "generated"}, body))
	check(created.JSON201 != nil, "%s", created.Body)
	id := created.JSON201.Id
	read := must(client.IbmGetAccessGroupWithResponse(ctx, id, nil))
	check(read.JSON200.Name == "generated", "%s", read.Body)
	description := "changed"
	change := api.IbmGroupUpdateRequest{Description: &description}
	match := api.IbmUpdateAccessGroupParams{IfMatch: read.HTTPResponse.Header.Get("ETag")}
	changed := must(client.IbmUpdateAccessGroupWithResponse(ctx, id, &match, change))
	check(changed.JSON200.Description == "changed", "%s", changed.Body)
	listed := must(client.IbmListAccessGroupsWithResponse(ctx, &api.IbmListAccessGroupsParams{AccountId: "generated"}))
	check(len(listed.JSON200.Groups) > 0, "%s", listed.Body)
	check(must(client.IbmDeleteAccessGroupWithResponse(ctx, id, nil)).StatusCode() == 204, "delete")
	unknown := must(client.IbmGetAccessGroupWithResponse(ctx, id, nil))
	check(unknown.JSON404.Errors[0].Code == "group_not_found", "%s", unknown.Body)
}

func authress(client *api.ClientWithResponses) {
	body := api.AuthressGroupRequest{Name: "generated", Users: []api.AuthressUser{{UserId: "ada"}}, Admins: []api.AuthressUser{}}
	created := must(client.AuthressCreateGroupWithResponse(ctx, body))
	check(created.ApplicationlinksJSON201 != nil, "%s", created.Body)
	id := created.ApplicationlinksJSON201.GroupId
	read := must(client.AuthressGetGroupWithResponse(ctx, id))
	check(read.ApplicationlinksJSON200.Users[0].UserId == "ada", "%s", read.Body)
	check(len(must(client.AuthressGetGroupsWithResponse(ctx, nil)).ApplicationlinksJSON200.Groups) > 0, "list")
	check(must(client.AuthressDeleteGroupWithResponse(ctx, id)).StatusCode() == 204, "delete")
	unknown := must(client.AuthressGetGroupWithResponse(ctx, id))
	check(*unknown.ApplicationlinksJSON404.ErrorCode == "GroupNotFound", "%s", unknown.Body)
}

func legacy(client *api.ClientWithResponses) {
	name := "generated"
	body := api.LegacyEntryRequest{}
	body.Entry.Name = &name
	created := must(client.LegacyCreateAccessGroupWithResponse(ctx, body))
	check(created.JSON201 != nil, "%s", created.Body)
	id := created.JSON201.Entry.Id
	read := must(client.LegacyGetAccessGroupWithResponse(ctx, id))
	check(*read.JSON200.Entry.Name == name, "%s", read.Body)
	check(len(must(client.LegacyListAccessGroupsWithResponse(ctx, nil)).JSON200.Entries) > 0, "list")
	check(must(client.LegacyDeleteAccessGroupWithResponse(ctx, id)).StatusCode() == 204, "delete")
	unknown := must(client.LegacyGetAccessGroupWithResponse(ctx, id))
	check(unknown.JSON404.Message != "", "%s", unknown.Body)
}

func faults(client *api.ClientWithResponses) {
	operation, status, times := "ibm_list_access_groups", 503, 1
	fault := api.AdminNewFault{
		Match:    &api.AdminPattern{Operation: &operation},
		Effect:   api.AdminEffect{Type: "status", Status: &status},
		Schedule: &api.AdminSchedule{Times: &times},
	}
	var body api.AdminAddFaultsJSONRequestBody
	check(body.FromAdminNewFault(fault) == nil, "union")
	added := must(client.AdminAddFaultsWithResponse(ctx, body))
	check(*added.JSON201.Faults[0].Effect.Status == 503, "%s", added.Body)
	list := api.IbmListAccessGroupsParams{AccountId: "generated"}
	failed := must(client.IbmListAccessGroupsWithResponse(ctx, &list))
	check(failed.JSON503.StatusCode == 503, "%s", failed.Body)
	check(must(client.IbmListAccessGroupsWithResponse(ctx, &list)).StatusCode() == 200, "after the fault")
	check(must(client.AdminListFaultsWithResponse(ctx)).JSON200.Faults[0].Injected == 1, "faults")
	check(must(client.AdminDeleteFaultsWithResponse(ctx)).StatusCode() == 204, "delete")
}

func main() {
	url := os.Args[1]
	client := newClient(url)
	cloudflare(url)
	ibm(client)
	authress(client)
	legacy(client)
	faults(client)
}
