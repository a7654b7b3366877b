package ibm_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/IBM/go-sdk-core/v5/core"
	groups "github.com/IBM/platform-services-go-sdk/iamaccessgroupsv2"
	"sdktests/mocktest"
)

// The retries of the client: none, until EnableRetries is called.

const create = "ibm_create_access_group"

func createWithFault(service *groups.IamAccessGroupsV2, fault string) (*core.DetailedResponse, error) {
	options := service.NewCreateAccessGroupOptions(account, "Team")
	options.SetHeaders(map[string]string{"X-Mock-Fault": fault})
	_, response, err := service.CreateAccessGroup(options)
	return response, err
}

func countGroups(t *testing.T, service *groups.IamAccessGroupsV2) int {
	t.Helper()
	listed, _, err := service.ListAccessGroups(service.NewListAccessGroupsOptions(account).SetHidePublicAccess(true))
	mocktest.NoError(t, err)
	return len(listed.Groups)
}

func TestNothingIsRetriedByDefault(t *testing.T) {
	ns := mocktest.NewNamespace(t)

	response, err := createWithFault(connect(t, ns), "status=503; times=1")

	hasStatus(t, response, err, 503)
	mocktest.Equal(t, ns.Requests(create), 1)
}

func TestA429IsAnErrorByDefault(t *testing.T) {
	ns := mocktest.NewNamespace(t)

	response, err := createWithFault(connect(t, ns), "status=429; retry-after=1; times=1")

	hasStatus(t, response, err, 429)
	mocktest.Equal(t, ns.Requests(create), 1)
}

func TestA429IsRetriedAfterTheRetryAfterDelay(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	service := connect(t, ns)
	service.EnableRetries(2, time.Second)
	started := time.Now()

	_, err := createWithFault(service, "status=429; retry-after=1; times=1")

	mocktest.NoError(t, err)
	if elapsed := time.Since(started); elapsed < time.Second || elapsed > 5*time.Second {
		t.Errorf("it took %v", elapsed)
	}
	mocktest.Equal(t, ns.Requests(create), 2)
}

func TestTwo503ResponsesAreRetried(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	service := connect(t, ns)
	service.EnableRetries(2, time.Second)

	_, err := createWithFault(service, "status=503; times=2")

	mocktest.NoError(t, err)
	mocktest.Equal(t, ns.Requests(create), 3)
}

func TestAPersistent503IsAnErrorAfterTheLastRetry(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	service := connect(t, ns)
	service.EnableRetries(2, time.Second)

	response, err := createWithFault(service, "status=503")

	hasStatus(t, response, err, 503)
	mocktest.Equal(t, ns.Requests(create), 3)
}

func TestPatchIsRetried(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	service := connect(t, ns)
	group := createGroup(t, service, "Team")
	_, response, err := service.GetAccessGroup(service.NewGetAccessGroupOptions(group))
	mocktest.NoError(t, err)
	service.EnableRetries(2, time.Second)

	update := service.NewUpdateAccessGroupOptions(group, response.Headers.Get("ETag")).SetName("renamed")
	update.SetHeaders(map[string]string{"X-Mock-Fault": "status=503; times=1"})
	_, _, err = service.UpdateAccessGroup(update)

	mocktest.NoError(t, err)
	mocktest.Equal(t, ns.Requests("ibm_update_access_group"), 2)
}

func TestADroppedResponseIsAnErrorAfterTheCommit(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))

	_, err := createWithFault(service, "commit-then-fail; times=1")

	if err == nil {
		t.Error("got no error")
	}
	mocktest.Equal(t, countGroups(t, service), 1)
}

func TestADroppedResponseWithRetriesCreatesASecondGroup(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))
	service.EnableRetries(2, time.Second)

	_, err := createWithFault(service, "commit-then-fail; times=1")

	mocktest.NoError(t, err)
	mocktest.Equal(t, countGroups(t, service), 2)
}

func TestASlowResponseSucceeds(t *testing.T) {
	ns := mocktest.NewNamespace(t)

	_, err := createWithFault(connect(t, ns), "delay=300ms; times=1")

	mocktest.NoError(t, err)
	mocktest.Equal(t, ns.Requests(create), 1)
}

func TestATimeoutIsAnError(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))
	service.Service.GetHTTPClient().Timeout = 500 * time.Millisecond

	// The fault is injected only once, so a retry would succeed.
	_, err := createWithFault(service, "delay=2s; times=1")

	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want context.DeadlineExceeded", err)
	}
}

func TestATimeoutIsRetriedWithRetriesEnabled(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	service := connect(t, ns)
	service.EnableRetries(2, time.Second)
	service.Service.GetHTTPClient().Timeout = 500 * time.Millisecond

	_, err := createWithFault(service, "delay=2s; times=1")

	mocktest.NoError(t, err)
	mocktest.Equal(t, ns.Requests(create), 2)
}

func TestAStaleETagIsA412AndSucceedsAfterANewRead(t *testing.T) {
	service := connect(t, mocktest.NewNamespace(t))
	group := createGroup(t, service, "Team")
	tag := func() string {
		_, response, err := service.GetAccessGroup(service.NewGetAccessGroupOptions(group))
		mocktest.NoError(t, err)
		return response.Headers.Get("ETag")
	}
	change := func(tag, description string) (*core.DetailedResponse, error) {
		options := service.NewUpdateAccessGroupOptions(group, tag).SetDescription(description)
		_, response, err := service.UpdateAccessGroup(options)
		return response, err
	}
	stale := tag()
	_, err := change(stale, "first")
	mocktest.NoError(t, err)

	response, err := change(stale, "second")
	hasStatus(t, response, err, 412)
	_, err = change(tag(), "second")
	mocktest.NoError(t, err)
}
