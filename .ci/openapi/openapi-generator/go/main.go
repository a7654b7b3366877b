// A round trip in each dialect and in the admin API with the Go client of openapi-generator: `roundtrip URL`.
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

func must[T any](value T, _ *http.Response, err error) T {
	check(err == nil, "%v", err)
	return value
}

// failure returns the body of an error response as the type that the generator reads it as.
func failure[T any](status int, response *http.Response, err error) T {
	check(err != nil && response.StatusCode == status, "%v", response)
	failed, ok := err.(*api.GenericOpenAPIError)
	check(ok, "%v", err)
	model, ok := failed.Model().(T)
	check(ok, "%T: %s", failed.Model(), failed.Body())
	return model
}

func newClient(url string) *api.APIClient {
	configuration := api.NewConfiguration()
	// The servers of an operation come before those of the configuration.
	configuration.Servers = api.ServerConfigurations{{URL: url}}
	for operation := range configuration.OperationServers {
		configuration.OperationServers[operation] = configuration.Servers
	}
	configuration.AddDefaultHeader("Authorization", "Bearer any")
	return api.NewAPIClient(configuration)
}

func cloudflare(url string) {
	groups, account := newClient(url+"/client/v4").CloudflareAccessGroupsAPI, "699d98642c564d2e855e9661899b7252"
	rule := api.CloudflareRule{Email: &api.CloudflareRuleEmail{Email: "ada@example.com"}}
	body := *api.NewCloudflareAccessGroupRequest("generated", []api.CloudflareRule{rule})
	id := must(groups.CloudflareCreateAccessGroup(ctx, account).CloudflareAccessGroupRequest(body).Execute()).Result.Id
	read := must(groups.CloudflareGetAccessGroup(ctx, account, id).Execute())
	check(read.Result.Include[0].Email.Email == "ada@example.com", "%v", read)
	listed := must(groups.CloudflareListAccessGroups(ctx, account).Name("generated").Execute())
	check(len(listed.Result) == 1 && listed.Result[0].Id == id, "%v", listed)
	check(must(groups.CloudflareDeleteAccessGroup(ctx, account, id).Execute()).Result.Id == id, "delete")
	_, response, err := groups.CloudflareGetAccessGroup(ctx, account, id).Execute()
	reason := failure[api.CloudflareError](404, response, err)
	check(reason.CloudflareServiceError.Errors[0].Code == 12152, "%v", reason)
}

func ibm(client *api.APIClient) {
	groups := client.IbmAccessGroupsAPI
	body := *api.NewIbmGroupCreateRequest("generated")
	id := must(groups.IbmCreateAccessGroup(ctx).AccountId("generated").IbmGroupCreateRequest(body).Execute()).Id
	read, response, err := groups.IbmGetAccessGroup(ctx, id).Execute()
	check(err == nil && read.Name == "generated", "%v", err)
	change := api.IbmGroupUpdateRequest{}
	change.SetDescription("changed")
	update := groups.IbmUpdateAccessGroup(ctx, id).IfMatch(response.Header.Get("ETag")).IbmGroupUpdateRequest(change)
	check(must(update.Execute()).Description == "changed", "update")
	check(len(must(groups.IbmListAccessGroups(ctx).AccountId("generated").Execute()).Groups) > 0, "list")
	_, err = groups.IbmDeleteAccessGroup(ctx, id).Execute()
	check(err == nil, "%v", err)
	_, response, err = groups.IbmGetAccessGroup(ctx, id).Execute()
	reason := failure[api.IbmGroupsError](404, response, err)
	check(reason.Errors[0].Code == "group_not_found", "%v", reason)
}

func authress(client *api.APIClient) {
	groups := client.AuthressGroupsAPI
	body := *api.NewAuthressGroupRequest("generated", []api.AuthressUser{{UserId: "ada"}}, []api.AuthressUser{})
	id := must(groups.AuthressCreateGroup(ctx).AuthressGroupRequest(body).Execute()).GroupId
	check(must(groups.AuthressGetGroup(ctx, id).Execute()).Users[0].UserId == "ada", "get")
	check(len(must(groups.AuthressGetGroups(ctx).Execute()).Groups) > 0, "list")
	_, err := groups.AuthressDeleteGroup(ctx, id).Execute()
	check(err == nil, "%v", err)
	_, response, err := groups.AuthressGetGroup(ctx, id).Execute()
	reason := failure[api.AuthressError](404, response, err)
	check(reason.GetErrorCode() == "GroupNotFound", "%v", reason)
}

func legacy(client *api.APIClient) {
	groups := client.LegacyAccessGroupsAPI
	entry := api.LegacyEntryRequestEntry{}
	entry.SetName("generated")
	id := must(groups.LegacyCreateAccessGroup(ctx).LegacyEntryRequest(*api.NewLegacyEntryRequest(entry)).Execute()).Entry.Id
	read := must(groups.LegacyGetAccessGroup(ctx, id).Execute())
	check(read.Entry.GetName() == "generated", "%v", read)
	check(len(must(groups.LegacyListAccessGroups(ctx).Execute()).Entries) > 0, "list")
	_, err := groups.LegacyDeleteAccessGroup(ctx, id).Execute()
	check(err == nil, "%v", err)
	_, response, err := groups.LegacyGetAccessGroup(ctx, id).Execute()
	check(failure[api.LegacyError](404, response, err).Message != "", "error")
}

func faults(client *api.APIClient) {
	effect := api.NewAdminEffect("status")
	effect.SetStatus(503)
	fault := api.NewAdminNewFault(*effect)
	operation, times := "ibm_list_access_groups", int32(1)
	fault.SetMatch(api.AdminPattern{Operation: &operation})
	fault.SetSchedule(api.AdminSchedule{Times: &times})
	body := api.AdminNewFaultAsAdminNewFaults(fault)
	added := must(client.AdminFaultsAPI.AdminAddFaults(ctx).AdminNewFaults(body).Execute())
	check(added.Faults[0].Effect.GetStatus() == 503, "%v", added)
	list := client.IbmAccessGroupsAPI.IbmListAccessGroups(ctx).AccountId("generated")
	_, response, err := list.Execute()
	check(failure[api.IbmGroupsError](503, response, err).StatusCode == 503, "fault")
	must(list.Execute())
	check(must(client.AdminFaultsAPI.AdminListFaults(ctx).Execute()).Faults[0].Injected == 1, "list of faults")
	_, err = client.AdminFaultsAPI.AdminDeleteFaults(ctx).Execute()
	check(err == nil, "%v", err)
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
