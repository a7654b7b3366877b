// Package ibm_test tests access groups and the related APIs.
package ibm_test

import (
	"testing"

	"github.com/IBM/go-sdk-core/v5/core"
	groups "github.com/IBM/platform-services-go-sdk/iamaccessgroupsv2"
	identities "github.com/IBM/platform-services-go-sdk/iamidentityv1"
	policies "github.com/IBM/platform-services-go-sdk/iampolicymanagementv1"
	users "github.com/IBM/platform-services-go-sdk/usermanagementv1"
	"sdktests/mocktest"
)

const account = "acct1"

var str = core.StringPtr

func authenticator(ns mocktest.Namespace) core.Authenticator {
	return &core.IamAuthenticator{ApiKey: "any-key", URL: ns.URL}
}

func connect(t *testing.T, ns mocktest.Namespace) *groups.IamAccessGroupsV2 {
	t.Helper()
	service, err := groups.NewIamAccessGroupsV2(
		&groups.IamAccessGroupsV2Options{URL: ns.URL, Authenticator: authenticator(ns)})
	mocktest.NoError(t, err)
	return service
}

func connectIdentities(t *testing.T, ns mocktest.Namespace) *identities.IamIdentityV1 {
	t.Helper()
	service, err := identities.NewIamIdentityV1(
		&identities.IamIdentityV1Options{URL: ns.URL, Authenticator: authenticator(ns)})
	mocktest.NoError(t, err)
	return service
}

func connectPolicies(t *testing.T, ns mocktest.Namespace) *policies.IamPolicyManagementV1 {
	t.Helper()
	service, err := policies.NewIamPolicyManagementV1(
		&policies.IamPolicyManagementV1Options{URL: ns.URL, Authenticator: authenticator(ns)})
	mocktest.NoError(t, err)
	return service
}

func connectUsers(t *testing.T, ns mocktest.Namespace) *users.UserManagementV1 {
	t.Helper()
	service, err := users.NewUserManagementV1(
		&users.UserManagementV1Options{URL: ns.URL, Authenticator: authenticator(ns)})
	mocktest.NoError(t, err)
	return service
}

// createGroup returns the id of a new group.
func createGroup(t *testing.T, service *groups.IamAccessGroupsV2, name string) string {
	t.Helper()
	created, _, err := service.CreateAccessGroup(service.NewCreateAccessGroupOptions(account, name))
	mocktest.NoError(t, err)
	return *created.ID
}

// hasStatus asserts that a call failed with a status.
func hasStatus(t *testing.T, response *core.DetailedResponse, err error, status int) {
	t.Helper()
	if err == nil {
		t.Error("got no error")
	}
	if response == nil {
		t.Fatalf("got no response: %v", err)
	}
	mocktest.Equal(t, response.StatusCode, status)
}
