import io.github.accessgroupsmock.Admin;
import io.github.accessgroupsmock.Mock;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

final class Example {
    private Example() {}

    public static void main(String[] args) {
        // begin
        try (GenericContainer<?> container = new GenericContainer<>("access-groups-mock")
                .withEnv("AGM_ADMIN_TOKEN", "test")
                .withExposedPorts(4010)
                .waitingFor(Wait.forHttp("/__admin/health"))) {
            container.start();
            Mock mock = Mock.connect("http://" + container.getHost() + ":" + container.getMappedPort(4010));
            Admin admin = mock.admin().withToken("test");
            admin.reset();
        }
        // end
    }
}
