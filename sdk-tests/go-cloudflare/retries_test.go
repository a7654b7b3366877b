package cloudflare_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/option"
	"sdktests/space"
)

// What the client does by itself when requests fail: two retries, after 0.5 s and 1 s, for every method.

const create = "cloudflare_create_access_group"

func faulty(fault string) option.RequestOption {
	return option.WithHeader("X-Mock-Fault", fault)
}

func TestA429IsTriedAgainAfterTheTimeOfRetryAfter(t *testing.T) {
	s := space.New(t)
	began := time.Now()

	makeGroup(t, connect(s, faulty("status=429; retry-after=1; times=1")), "devs")

	if took := time.Since(began); took < time.Second || took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	space.Equal(t, s.Requests(create), 2)
}

func TestA503TwiceIsOvercome(t *testing.T) {
	s := space.New(t)

	makeGroup(t, connect(s, faulty("status=503; times=2")), "devs")

	space.Equal(t, s.Requests(create), 3)
}

func TestA503WithoutEndIsAnErrorAfterTwoRetries(t *testing.T) {
	s := space.New(t)

	_, err := connect(s, faulty("status=503")).ZeroTrust.Access.Groups.New(ctx, newGroup("devs"))

	hasStatus(t, err, http.StatusServiceUnavailable)
	space.Equal(t, s.Requests(create), 3)
}

func TestRetriesCanBeSwitchedOff(t *testing.T) {
	s := space.New(t)
	client := connect(s, faulty("status=503"), option.WithMaxRetries(0))

	_, err := client.ZeroTrust.Access.Groups.New(ctx, newGroup("devs"))

	hasStatus(t, err, http.StatusServiceUnavailable)
	space.Equal(t, s.Requests(create), 1)
}

func TestALostAnswerMakesASecondGroup(t *testing.T) {
	s := space.New(t)

	makeGroup(t, connect(s, faulty("commit-then-fail; times=1")), "devs")

	space.Equal(t, names(t, connect(s)), []string{"devs", "devs"})
}

func TestASlowAnswerIsWaitedFor(t *testing.T) {
	s := space.New(t)

	makeGroup(t, connect(s, faulty("delay=300ms; times=1")), "devs")

	space.Equal(t, s.Requests(create), 1)
}

func TestAnAnswerSlowerThanTheTimeoutIsNotAskedForAgain(t *testing.T) {
	s := space.New(t)
	client := connect(s, faulty("delay=800ms; times=1"), option.WithRequestTimeout(300*time.Millisecond))

	_, err := client.ZeroTrust.Access.Groups.New(ctx, newGroup("devs"))

	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want a deadline", err)
	}
}
