package containers

import (
	"context"
	"testing"

	agm "github.com/access-groups-mock/access-groups-mock/clients/go"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// begin
func TestWithAContainer(t *testing.T) {
	ctx := context.Background()
	container, err := testcontainers.Run(ctx, "access-groups-mock",
		testcontainers.WithEnv(map[string]string{"AGM_ADMIN_TOKEN": "test"}),
		testcontainers.WithExposedPorts("4010/tcp"),
		testcontainers.WithWaitStrategy(wait.ForHTTP("/__admin/health").WithPort("4010/tcp")))
	testcontainers.CleanupContainer(t, container)
	if err != nil {
		t.Fatal(err)
	}
	url, err := container.PortEndpoint(ctx, "4010/tcp", "http")
	if err != nil {
		t.Fatal(err)
	}
	mock := agm.Connect(url)
	mock.Admin.Token = "test"
	if err := mock.Admin.Reset(); err != nil {
		t.Fatal(err)
	}
}

// end
