package cloudflare_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/option"
	"sdktests/mocktest"
)

// The retries of the client: two, after 0.5 s and 1 s, for every method.

const create = "cloudflare_create_access_group"

func withFault(fault string) option.RequestOption {
	return option.WithHeader("X-Mock-Fault", fault)
}

func TestA429IsRetriedAfterTheRetryAfterDelay(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	started := time.Now()

	createGroup(t, connect(ns, withFault("status=429; retry-after=1; times=1")), "devs")

	if elapsed := time.Since(started); elapsed < time.Second || elapsed > 5*time.Second {
		t.Errorf("it took %v", elapsed)
	}
	mocktest.Equal(t, ns.Requests(create), 2)
}

func TestTwo503ResponsesAreRetried(t *testing.T) {
	ns := mocktest.NewNamespace(t)

	createGroup(t, connect(ns, withFault("status=503; times=2")), "devs")

	mocktest.Equal(t, ns.Requests(create), 3)
}

func TestAPersistent503IsAnErrorAfterTwoRetries(t *testing.T) {
	ns := mocktest.NewNamespace(t)

	_, err := connect(ns, withFault("status=503")).ZeroTrust.Access.Groups.New(ctx, newGroup("devs"))

	hasStatus(t, err, http.StatusServiceUnavailable)
	mocktest.Equal(t, ns.Requests(create), 3)
}

func TestRetriesCanBeDisabled(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	client := connect(ns, withFault("status=503"), option.WithMaxRetries(0))

	_, err := client.ZeroTrust.Access.Groups.New(ctx, newGroup("devs"))

	hasStatus(t, err, http.StatusServiceUnavailable)
	mocktest.Equal(t, ns.Requests(create), 1)
}

func TestADroppedResponseCreatesASecondGroup(t *testing.T) {
	ns := mocktest.NewNamespace(t)

	createGroup(t, connect(ns, withFault("commit-then-fail; times=1")), "devs")

	mocktest.Equal(t, names(t, connect(ns)), []string{"devs", "devs"})
}

func TestASlowResponseSucceeds(t *testing.T) {
	ns := mocktest.NewNamespace(t)

	createGroup(t, connect(ns, withFault("delay=300ms; times=1")), "devs")

	mocktest.Equal(t, ns.Requests(create), 1)
}

func TestATimeoutIsNotRetried(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	client := connect(ns, withFault("delay=800ms; times=1"), option.WithRequestTimeout(300*time.Millisecond))

	_, err := client.ZeroTrust.Access.Groups.New(ctx, newGroup("devs"))

	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want context.DeadlineExceeded", err)
	}
}
