// begin
import { Admin } from "access-groups-mock";
import { GenericContainer, Wait } from "testcontainers";

const container = await new GenericContainer("access-groups-mock")
  .withEnvironment({ AGM_ADMIN_TOKEN: "test" })
  .withExposedPorts(4010)
  .withWaitStrategy(Wait.forHttp("/__admin/health", 4010))
  .start();
const url = `http://${container.getHost()}:${container.getMappedPort(4010)}`;
const admin = new Admin(url, { token: "test" });
await admin.reset();
await container.stop();
// end
