package bluemix_test

import (
	"testing"
	"time"

	"github.com/IBM-Cloud/bluemix-go/api/iamuum/iamuumv2"
	"github.com/IBM-Cloud/bluemix-go/models"
	"sdktests/mocktest"
)

const (
	create = "ibm_create_access_group"
	token  = "ibm_create_token"
)

func createError(t *testing.T, ns mocktest.Namespace) error {
	t.Helper()
	group := models.AccessGroupV2{AccessGroup: models.AccessGroup{Name: "Team"}}
	_, err := connect(t, ns).AccessGroup().Create(group, account)
	return err
}

func TestTwo503ResponsesAreRetried(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	ns.Fault(create, map[string]any{"type": "status", "status": 503}, 2)

	mocktest.NoError(t, createError(t, ns))

	mocktest.Equal(t, ns.Requests(create), 3)
}

// The delay is that of the client: it ignores Retry-After.
func TestA429IsRetriedAfterTheClientsOwnDelay(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	ns.Fault(create, map[string]any{"type": "status", "status": 429, "retryAfter": 600}, 1)

	mocktest.NoError(t, createError(t, ns))

	mocktest.Equal(t, ns.Requests(create), 2)
}

func TestAPersistent503IsAnErrorAfterThreeRetries(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	ns.Fault(create, map[string]any{"type": "status", "status": 503}, 0)

	hasStatus(t, createError(t, ns), 503)

	mocktest.Equal(t, ns.Requests(create), 4)
}

// Each attempt is made twice, because the client takes a 403 for an expired token, and then retries it like a 503.
func TestA403IsRetriedWithNewTokens(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	ns.Fault(create, map[string]any{"type": "status", "status": 403}, 0)

	hasStatus(t, createError(t, ns), 403)

	mocktest.Equal(t, []int{ns.Requests(create), ns.Requests(token)}, []int{8, 5})
}

func TestA401IsRepeatedOnceWithANewToken(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	ns.Fault(create, map[string]any{"type": "status", "status": 401}, 0)

	hasStatus(t, createError(t, ns), 401)

	mocktest.Equal(t, []int{ns.Requests(create), ns.Requests(token)}, []int{2, 2})
}

func TestATimeoutIsRetried(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	ns.Fault(create, map[string]any{"type": "delay", "min": "2s"}, 1)
	slow := newSession(t, ns)
	slow.Config.HTTPTimeout = 500 * time.Millisecond
	service, err := iamuumv2.New(slow)
	mocktest.NoError(t, err)

	createGroup(t, service, "Team")

	mocktest.Equal(t, ns.Requests(create), 2)
}

func TestADroppedResponseIsAnErrorAfterTheCommit(t *testing.T) {
	ns := mocktest.NewNamespace(t)
	ns.Fault(create, map[string]any{"type": "commit-then-fail"}, 1)

	if createError(t, ns) == nil {
		t.Error("got no error")
	}

	mocktest.Equal(t, ns.Requests(create), 1)
	listed, err := connect(t, ns).AccessGroup().List(account)
	mocktest.NoError(t, err)
	mocktest.Equal(t, len(listed), 2)
}
