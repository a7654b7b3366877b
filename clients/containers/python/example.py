# begin
import access_groups_mock as agm
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import HttpWaitStrategy

container = (
    DockerContainer("access-groups-mock")
    .with_env("AGM_ADMIN_TOKEN", "test")
    .with_exposed_ports(4010)
    .waiting_for(HttpWaitStrategy(4010, "/__admin/health"))
)
with container:
    url = f"http://{container.get_container_host_ip()}:{container.get_exposed_port(4010)}"
    mock = agm.connect(url)
    mock.admin = agm.Admin(url, token="test")
    mock.admin.reset()
# end
