package mock;

import com.google.gson.JsonObject;
import com.ibm.cloud.sdk.core.http.RequestBuilder;
import com.ibm.cloud.sdk.core.security.ConfigBasedAuthenticatorFactory;
import com.ibm.cloud.sdk.core.service.BaseService;
import com.ibm.cloud.sdk.core.util.ResponseConverterUtils;
import org.junit.jupiter.api.Test;

/** Lists groups five times with a service that is configured by the environment only; run by name. */
class EnvironmentProgram {
    private static final String NAME = "iam_access_groups";

    @Test
    void listsGroups() {
        String tlsUrl = System.getenv("AGM_TLS_URL");
        Service service = new Service();
        service.configureService(NAME);
        if (tlsUrl != null) {
            service.setServiceUrl(tlsUrl);
        }
        for (int call = 0; call < 5; call++) {
            service.list();
        }
    }

    private static final class Service extends BaseService {
        Service() {
            super(NAME, ConfigBasedAuthenticatorFactory.getAuthenticator(NAME));
        }

        void list() {
            RequestBuilder request = RequestBuilder.get(RequestBuilder.resolveRequestUrl(getServiceUrl(), "/v2/groups"));
            request.query("account_id", "acct1");
            createServiceCall(request.build(), ResponseConverterUtils.<JsonObject>getValue(JsonObject.class)).execute();
        }
    }
}
