package ibm_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/IBM/go-sdk-core/v5/core"
	groups "github.com/IBM/platform-services-go-sdk/iamaccessgroupsv2"
	"sdktests/space"
)

// What the client does by itself when requests fail: nothing, until EnableRetries is called.

const create = "ibm_create_access_group"

func tryToCreate(service *groups.IamAccessGroupsV2, fault string) (*core.DetailedResponse, error) {
	options := service.NewCreateAccessGroupOptions(account, "Team")
	options.SetHeaders(map[string]string{"X-Mock-Fault": fault})
	_, response, err := service.CreateAccessGroup(options)
	return response, err
}

func countGroups(t *testing.T, service *groups.IamAccessGroupsV2) int {
	t.Helper()
	listed, _, err := service.ListAccessGroups(service.NewListAccessGroupsOptions(account).SetHidePublicAccess(true))
	space.Must(t, err)
	return len(listed.Groups)
}

func TestNothingIsTriedAgainByDefault(t *testing.T) {
	s := space.New(t)

	response, err := tryToCreate(connect(t, s), "status=503; times=1")

	hasStatus(t, response, err, 503)
	space.Equal(t, s.Requests(create), 1)
}

func TestA429IsAnErrorByDefault(t *testing.T) {
	s := space.New(t)

	response, err := tryToCreate(connect(t, s), "status=429; retry-after=1; times=1")

	hasStatus(t, response, err, 429)
	space.Equal(t, s.Requests(create), 1)
}

func TestA429IsTriedAgainAfterTheTimeOfRetryAfter(t *testing.T) {
	s := space.New(t)
	service := connect(t, s)
	service.EnableRetries(2, time.Second)
	began := time.Now()

	_, err := tryToCreate(service, "status=429; retry-after=1; times=1")

	space.Must(t, err)
	if took := time.Since(began); took < time.Second || took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	space.Equal(t, s.Requests(create), 2)
}

func TestA503TwiceIsOvercome(t *testing.T) {
	s := space.New(t)
	service := connect(t, s)
	service.EnableRetries(2, time.Second)

	_, err := tryToCreate(service, "status=503; times=2")

	space.Must(t, err)
	space.Equal(t, s.Requests(create), 3)
}

func TestA503WithoutEndIsAnErrorAfterTheLastRetry(t *testing.T) {
	s := space.New(t)
	service := connect(t, s)
	service.EnableRetries(2, time.Second)

	response, err := tryToCreate(service, "status=503")

	hasStatus(t, response, err, 503)
	space.Equal(t, s.Requests(create), 3)
}

func TestPatchIsTriedAgain(t *testing.T) {
	s := space.New(t)
	service := connect(t, s)
	group := makeGroup(t, service, "Team")
	_, response, err := service.GetAccessGroup(service.NewGetAccessGroupOptions(group))
	space.Must(t, err)
	service.EnableRetries(2, time.Second)

	update := service.NewUpdateAccessGroupOptions(group, response.Headers.Get("ETag")).SetName("renamed")
	update.SetHeaders(map[string]string{"X-Mock-Fault": "status=503; times=1"})
	_, _, err = service.UpdateAccessGroup(update)

	space.Must(t, err)
	space.Equal(t, s.Requests("ibm_update_access_group"), 2)
}

func TestALostAnswerIsAnErrorAfterTheCommit(t *testing.T) {
	service := connect(t, space.New(t))

	_, err := tryToCreate(service, "commit-then-fail; times=1")

	if err == nil {
		t.Error("got no error")
	}
	space.Equal(t, countGroups(t, service), 1)
}

func TestALostAnswerWithRetriesMakesASecondGroup(t *testing.T) {
	service := connect(t, space.New(t))
	service.EnableRetries(2, time.Second)

	_, err := tryToCreate(service, "commit-then-fail; times=1")

	space.Must(t, err)
	space.Equal(t, countGroups(t, service), 2)
}

func TestASlowAnswerIsWaitedFor(t *testing.T) {
	s := space.New(t)

	_, err := tryToCreate(connect(t, s), "delay=300ms; times=1")

	space.Must(t, err)
	space.Equal(t, s.Requests(create), 1)
}

func TestAnAnswerSlowerThanTheTimeoutIsAnError(t *testing.T) {
	service := connect(t, space.New(t))
	service.Service.GetHTTPClient().Timeout = 500 * time.Millisecond

	// The fault is there once only, so a second request would be answered.
	_, err := tryToCreate(service, "delay=2s; times=1")

	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want a deadline", err)
	}
}

func TestAnAnswerSlowerThanTheTimeoutIsAskedForAgainWithRetries(t *testing.T) {
	s := space.New(t)
	service := connect(t, s)
	service.EnableRetries(2, time.Second)
	service.Service.GetHTTPClient().Timeout = 500 * time.Millisecond

	_, err := tryToCreate(service, "delay=2s; times=1")

	space.Must(t, err)
	space.Equal(t, s.Requests(create), 2)
}

func TestReadingAgainHelpsAgainstAStaleETag(t *testing.T) {
	service := connect(t, space.New(t))
	group := makeGroup(t, service, "Team")
	tag := func() string {
		_, response, err := service.GetAccessGroup(service.NewGetAccessGroupOptions(group))
		space.Must(t, err)
		return response.Headers.Get("ETag")
	}
	change := func(tag, description string) (*core.DetailedResponse, error) {
		options := service.NewUpdateAccessGroupOptions(group, tag).SetDescription(description)
		_, response, err := service.UpdateAccessGroup(options)
		return response, err
	}
	stale := tag()
	_, err := change(stale, "first")
	space.Must(t, err)

	response, err := change(stale, "second")
	hasStatus(t, response, err, 412)
	_, err = change(tag(), "second")
	space.Must(t, err)
}
