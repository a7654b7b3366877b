//! The sources of the rules of IBM.

pub const ERROR_HANDLING: &str =
    "IBM Cloud API Docs, IAM Access Groups, Error handling (https://cloud.ibm.com/apidocs/iam-access-groups)";
pub const EVERY_OPERATION: &str = "IBM Cloud API Docs, IAM Access Groups, example responses of every operation \
     (https://cloud.ibm.com/apidocs/iam-access-groups)";
pub const CREATE_GROUP: &str = "IBM Cloud API Docs, IAM Access Groups, Create an Access Group \
     (https://cloud.ibm.com/apidocs/iam-access-groups)";
pub const LIST_GROUPS: &str = "IBM Cloud API Docs, IAM Access Groups, List Access Groups \
     (https://cloud.ibm.com/apidocs/iam-access-groups)";
pub const GET_GROUP: &str = "IBM Cloud API Docs, IAM Access Groups, Get an Access Group \
     (https://cloud.ibm.com/apidocs/iam-access-groups)";
pub const UPDATE_GROUP: &str = "IBM Cloud API Docs, IAM Access Groups, Update an Access Group \
     (https://cloud.ibm.com/apidocs/iam-access-groups)";
pub const DELETE_GROUP: &str = "IBM Cloud API Docs, IAM Access Groups, Delete an Access Group \
     (https://cloud.ibm.com/apidocs/iam-access-groups)";
pub const ADD_MEMBERS: &str = "IBM Cloud API Docs, IAM Access Groups, Add members to an Access Group \
     (https://cloud.ibm.com/apidocs/iam-access-groups)";
pub const LIST_MEMBERS: &str = "IBM Cloud API Docs, IAM Access Groups, List Access Group members \
     (https://cloud.ibm.com/apidocs/iam-access-groups)";
pub const CHECK_MEMBER: &str = "IBM Cloud API Docs, IAM Access Groups, Check membership in an Access Group \
     (https://cloud.ibm.com/apidocs/iam-access-groups)";
pub const DELETE_MEMBER: &str = "IBM Cloud API Docs, IAM Access Groups, Delete member from an Access Group \
     (https://cloud.ibm.com/apidocs/iam-access-groups)";
pub const DELETE_MEMBERS: &str = "IBM Cloud API Docs, IAM Access Groups, Delete members from an Access Group \
     (https://cloud.ibm.com/apidocs/iam-access-groups)";
pub const DELETE_MEMBERSHIPS: &str = "IBM Cloud API Docs, IAM Access Groups, \
    Delete member from all Access Groups \
     (https://cloud.ibm.com/apidocs/iam-access-groups)";
pub const ADD_MEMBERSHIPS: &str = "IBM Cloud API Docs, IAM Access Groups, Add member to multiple Access Groups \
     (https://cloud.ibm.com/apidocs/iam-access-groups)";
pub const CREATE_RULE: &str = "IBM Cloud API Docs, IAM Access Groups, Create rule for an Access Group \
     (https://cloud.ibm.com/apidocs/iam-access-groups)";
pub const GROUPS_SDK: &str = "IBM platform-services-go-sdk 0.103.0, generated from the API definition, \
     iamaccessgroupsv2/iam_access_groups_v2.go (https://github.com/IBM/platform-services-go-sdk)";
pub const IDENTITY_SDK: &str = "IBM platform-services-go-sdk 0.103.0, generated from the API definition, \
    iamidentityv1/iam_identity_v1.go (https://github.com/IBM/platform-services-go-sdk)";
pub const POLICIES_SDK: &str = "IBM platform-services-go-sdk 0.103.0, generated from the API definition, \
     iampolicymanagementv1/iam_policy_management_v1.go (https://github.com/IBM/platform-services-go-sdk)";
pub const USERS_SDK: &str = "IBM platform-services-go-sdk 0.103.0, generated from the API definition, \
     usermanagementv1/user_management_v1.go (https://github.com/IBM/platform-services-go-sdk)";
pub const RESOURCE_MANAGER_SDK: &str = "IBM platform-services-go-sdk 0.103.0, generated from the API definition, \
     resourcemanagerv2/resource_manager_v2.go (https://github.com/IBM/platform-services-go-sdk)";
pub const ENTERPRISE_SDK: &str = "IBM platform-services-go-sdk 0.103.0, generated from the API definition, \
     enterprisemanagementv1/enterprise_management_v1.go (https://github.com/IBM/platform-services-go-sdk)";
pub const ACCOUNTS_CLIENTS: &str = "the account models of ibm-watsonx-data-integration 2.1.0, cpd_models/account_model.py \
     (https://pypi.org/project/ibm-watsonx-data-integration/), and of IBM's bluemix-go, api/account/accountv2/accounts.go \
     (https://github.com/IBM-Cloud/bluemix-go)";
pub const TEMPLATE_VERSIONS: &str = "IBM documents neither the code nor the message; for the rule \
    see IBM Cloud docs, Working with template versions \
    (https://cloud.ibm.com/docs/secure-enterprise?topic=secure-enterprise-working-with-versions)";
pub const TEMPLATE_EVENTS: &str = "IBM Cloud docs, Monitoring enterprise-managed IAM templates \
    (https://cloud.ibm.com/docs/secure-enterprise?topic=secure-enterprise-monitor-enterprise-iam-templates)";
pub const MANAGED_GROUPS: &str = "IBM documents neither the code nor the message; for the rule see \
    IBM Cloud docs, Best practices for assigning access in an enterprise \
    (https://cloud.ibm.com/docs/secure-enterprise?topic=secure-enterprise-access-enterprises)";
pub const TOKEN_CLIENTS: &str = "token clients of IBM go-sdk-core 5.22.1 and of the core SDKs for \
    Python, Node and Java, \
     core/iam_authenticator.go (https://github.com/IBM/go-sdk-core)";
