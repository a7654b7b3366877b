// Package bluemix_test tests access groups, users, policies, roles, accounts and resource groups.
package bluemix_test

import (
	"errors"
	"testing"
	"time"

	bluemix "github.com/IBM-Cloud/bluemix-go"
	"github.com/IBM-Cloud/bluemix-go/api/iamuum/iamuumv2"
	"github.com/IBM-Cloud/bluemix-go/bmxerror"
	"github.com/IBM-Cloud/bluemix-go/helpers"
	"github.com/IBM-Cloud/bluemix-go/models"
	"github.com/IBM-Cloud/bluemix-go/session"
	"sdktests/mocktest"
)

const account = "acct1"

// newSession returns a session for the namespace of a test, with short delays between retries.
func newSession(t *testing.T, ns mocktest.Namespace) *session.Session {
	t.Helper()
	created, err := session.New(&bluemix.Config{
		BluemixAPIKey:         "any-key",
		UAAAccessToken:        "Bearer any",
		Endpoint:              helpers.String(ns.URL),
		TokenProviderEndpoint: helpers.String(ns.URL),
		RetryDelay:            helpers.Duration(10 * time.Millisecond),
	})
	mocktest.NoError(t, err)
	return created
}

// connect returns the client of access groups.
func connect(t *testing.T, ns mocktest.Namespace) iamuumv2.IAMUUMServiceAPIv2 {
	t.Helper()
	service, err := iamuumv2.New(newSession(t, ns))
	mocktest.NoError(t, err)
	return service
}

// createGroup returns the id of a new group.
func createGroup(t *testing.T, service iamuumv2.IAMUUMServiceAPIv2, name string) string {
	t.Helper()
	group := models.AccessGroupV2{AccessGroup: models.AccessGroup{Name: name}}
	created, err := service.AccessGroup().Create(group, account)
	mocktest.NoError(t, err)
	return created.ID
}

// addUsers adds users to a group, and with that to its account.
func addUsers(t *testing.T, service iamuumv2.IAMUUMServiceAPIv2, group string, iamIDs ...string) {
	t.Helper()
	request := iamuumv2.AddGroupMemberRequestV2{}
	for _, iamID := range iamIDs {
		member := models.AccessGroupMemberV2{ID: iamID, Type: iamuumv2.AccessGroupMemberUser}
		request.Members = append(request.Members, member)
	}
	_, err := service.AccessGroupMember().Add(group, request)
	mocktest.NoError(t, err)
}

// hasStatus asserts that a call failed with a status.
func hasStatus(t *testing.T, err error, status int) {
	t.Helper()
	var failure bmxerror.RequestFailure
	if !errors.As(err, &failure) {
		t.Fatalf("got %v, want a failed request", err)
	}
	mocktest.Equal(t, failure.StatusCode(), status)
}
