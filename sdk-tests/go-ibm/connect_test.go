// Package ibm_test drives access groups and the APIs beside them.
package ibm_test

import (
	"testing"

	"github.com/IBM/go-sdk-core/v5/core"
	groups "github.com/IBM/platform-services-go-sdk/iamaccessgroupsv2"
	identities "github.com/IBM/platform-services-go-sdk/iamidentityv1"
	policies "github.com/IBM/platform-services-go-sdk/iampolicymanagementv1"
	users "github.com/IBM/platform-services-go-sdk/usermanagementv1"
	"sdktests/space"
)

const account = "acct1"

var text = core.StringPtr

func authenticator(s space.Space) core.Authenticator {
	return &core.IamAuthenticator{ApiKey: "any-key", URL: s.URL}
}

func connect(t *testing.T, s space.Space) *groups.IamAccessGroupsV2 {
	t.Helper()
	service, err := groups.NewIamAccessGroupsV2(
		&groups.IamAccessGroupsV2Options{URL: s.URL, Authenticator: authenticator(s)})
	space.Must(t, err)
	return service
}

func connectIdentities(t *testing.T, s space.Space) *identities.IamIdentityV1 {
	t.Helper()
	service, err := identities.NewIamIdentityV1(
		&identities.IamIdentityV1Options{URL: s.URL, Authenticator: authenticator(s)})
	space.Must(t, err)
	return service
}

func connectPolicies(t *testing.T, s space.Space) *policies.IamPolicyManagementV1 {
	t.Helper()
	service, err := policies.NewIamPolicyManagementV1(
		&policies.IamPolicyManagementV1Options{URL: s.URL, Authenticator: authenticator(s)})
	space.Must(t, err)
	return service
}

func connectUsers(t *testing.T, s space.Space) *users.UserManagementV1 {
	t.Helper()
	service, err := users.NewUserManagementV1(&users.UserManagementV1Options{URL: s.URL, Authenticator: authenticator(s)})
	space.Must(t, err)
	return service
}

// makeGroup returns the id of a new group.
func makeGroup(t *testing.T, service *groups.IamAccessGroupsV2, name string) string {
	t.Helper()
	made, _, err := service.CreateAccessGroup(service.NewCreateAccessGroupOptions(account, name))
	space.Must(t, err)
	return *made.ID
}

// hasStatus holds the status of a refusal.
func hasStatus(t *testing.T, response *core.DetailedResponse, err error, status int) {
	t.Helper()
	if err == nil {
		t.Error("got no error")
	}
	if response == nil {
		t.Fatalf("got no answer: %v", err)
	}
	space.Equal(t, response.StatusCode, status)
}
