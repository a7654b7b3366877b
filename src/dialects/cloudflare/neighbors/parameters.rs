//! The parameters in the paths of neighbors.

use crate::spec::Parameter;

pub(in super::super) const IDENTITY_PROVIDER_ID: Parameter = Parameter::path(
    "identity_provider_id",
    "The identity provider.",
    "\"f174e90a-fafe-4643-bbbc-4a0ed4fc8415\"",
);
pub(in super::super) const POLICY_ID: Parameter =
    Parameter::path("policy_id", "The policy.", "\"f174e90a-fafe-4643-bbbc-4a0ed4fc8415\"");
pub(in super::super) const APP_ID: Parameter =
    Parameter::path("app_id", "The application.", "\"023e105f-4ece-48ad-9ca3-1a8372d0c353\"");
pub(in super::super) const MEMBER_ID: Parameter =
    Parameter::path("member_id", "The member.", "\"4536bcfad5faccb111b47003c79917fa\"");
pub(in super::super) const USER_GROUP_ID: Parameter =
    Parameter::path("user_group_id", "The user group.", "\"6d7f2f5f5b1d4a0e9081fdc98d432fd1\"");
pub(in super::super) const ROLE_ID: Parameter =
    Parameter::path("role_id", "The role.", "\"10515a9267294c2e8dd974332556a33b\"");
