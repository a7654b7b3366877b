//! The JSON bodies of accounts, account groups and enterprises.

use std::borrow::Cow;

use serde::Serialize;

use crate::domain::ibm::enterprise::enterprise_id;
use crate::domain::ibm::records::audit::{BUILTIN_CREATED_AT, SYSTEM_IAM_ID, Timestamp};
use crate::domain::ibm::records::caller::Caller;
use crate::domain::ibm::state::IbmState;

/// One page of accounts; without `next_url` it is the last one.
#[derive(Serialize)]
pub(in super::super) struct AccountList<'a> {
    pub(in super::super) total_results: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in super::super) next_url: Option<String>,
    pub(in super::super) resources: Vec<AccountResource<'a>>,
}

/// An account of account management.
#[derive(Serialize)]
pub(in super::super) struct AccountResource<'a> {
    metadata: Metadata<'a>,
    entity: Entity<'a>,
}

#[derive(Serialize)]
struct Metadata<'a> {
    guid: &'a str,
    url: String,
    created_at: Timestamp,
    created_by: &'static str,
    updated_at: Timestamp,
    updated_by: &'static str,
    update_comments: &'static str,
}

#[derive(Serialize)]
struct Entity<'a> {
    name: &'a str,
    r#type: &'static str,
    state: &'static str,
    owner: Cow<'a, str>,
    owner_userid: Cow<'a, str>,
    owner_unique_id: &'a str,
    owner_iam_id: &'a str,
    customer_id: &'a str,
    country_code: &'static str,
    currency_code: &'static str,
    billing_country_code: &'static str,
    #[serde(rename = "isIBMer")]
    is_ibmer: bool,
    terms_and_conditions: Empty,
    tags: [(); 0],
    team_directory_enabled: bool,
    organizations_region: [(); 0],
    linkages: [(); 0],
    bluemix_subscriptions: [(); 0],
    subscription_id: &'static str,
    current_billing_system: &'static str,
    onboarded: u8,
    origin: &'static str,
}

/// An empty object.
#[derive(Serialize)]
struct Empty {}

/// One page of a list of enterprise management; without `next_url` it is the last one.
#[derive(Serialize)]
pub(in super::super) struct EnterpriseList<T> {
    rows_count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<String>,
    resources: Vec<T>,
}

/// The enterprise of an account.
#[derive(Serialize)]
pub(in super::super) struct Enterprise<'a> {
    url: String,
    id: String,
    enterprise_account_id: &'a str,
    crn: String,
    name: &'a str,
    state: &'static str,
    primary_contact_iam_id: &'a str,
    primary_contact_email: Cow<'a, str>,
    source_account_id: &'a str,
    created_at: Timestamp,
    created_by: &'static str,
}

/// An account in an enterprise.
#[derive(Serialize)]
pub(in super::super) struct ChildAccount<'a> {
    url: String,
    id: &'a str,
    crn: String,
    parent: String,
    enterprise_account_id: &'a str,
    enterprise_id: String,
    enterprise_path: String,
    name: &'a str,
    state: &'static str,
    owner_iam_id: &'a str,
    paid: bool,
    owner_email: Cow<'a, str>,
    is_enterprise_account: bool,
    created_at: Timestamp,
    created_by: &'static str,
}

/// An account group in an enterprise.
#[derive(Serialize)]
pub(in super::super) struct ChildGroup<'a> {
    url: String,
    id: &'a str,
    crn: String,
    parent: String,
    enterprise_account_id: &'a str,
    enterprise_id: String,
    enterprise_path: String,
    name: &'a str,
    state: &'static str,
    primary_contact_iam_id: &'a str,
    primary_contact_email: Cow<'a, str>,
    created_at: Timestamp,
    created_by: &'static str,
}

/// The owner of an account: its first user, or the caller.
struct Owner<'a> {
    id: Cow<'a, str>,
    iam_id: &'a str,
    user_id: Cow<'a, str>,
    email: Cow<'a, str>,
}

impl<'a> Owner<'a> {
    fn new(state: &'a IbmState, account: &str, caller: &'a Caller) -> Self {
        match state.account_owner(account) {
            Some(user) => Self {
                id: user.id(),
                iam_id: &user.identity.iam_id,
                user_id: user.user_id(),
                email: user.email(),
            },
            None => Self { id: "".into(), iam_id: &caller.iam_id, user_id: "".into(), email: "".into() },
        }
    }
}

impl<'a> AccountResource<'a> {
    pub(in super::super) fn new(state: &'a IbmState, id: &'a str, caller: &'a Caller) -> Self {
        let owner = Owner::new(state, id, caller);
        Self {
            metadata: Metadata {
                guid: id,
                url: format!("/coe/v2/accounts/{id}"),
                created_at: BUILTIN_CREATED_AT,
                created_by: SYSTEM_IAM_ID,
                updated_at: BUILTIN_CREATED_AT,
                updated_by: SYSTEM_IAM_ID,
                update_comments: "",
            },
            entity: Entity {
                name: state.account_name(id),
                r#type: "STANDARD",
                state: "ACTIVE",
                owner: owner.id,
                owner_userid: owner.user_id,
                owner_unique_id: owner.iam_id,
                owner_iam_id: owner.iam_id,
                customer_id: id,
                country_code: "USA",
                currency_code: "USD",
                billing_country_code: "USA",
                is_ibmer: false,
                terms_and_conditions: Empty {},
                tags: [],
                team_directory_enabled: false,
                organizations_region: [],
                linkages: [],
                bluemix_subscriptions: [],
                subscription_id: "",
                current_billing_system: "",
                onboarded: 1,
                origin: "",
            },
        }
    }
}

impl<T> EnterpriseList<T> {
    pub(in super::super) fn new(resources: Vec<T>, next_url: Option<String>) -> Self {
        Self { rows_count: resources.len(), next_url, resources }
    }
}

impl<'a> Enterprise<'a> {
    pub(in super::super) fn new(state: &'a IbmState, caller: &'a Caller) -> Self {
        let (account, id) = (&*caller.account, enterprise_id(&caller.account));
        let owner = Owner::new(state, account, caller);
        Self {
            url: format!("/v1/enterprises/{id}"),
            crn: crn(account, "enterprise", &id),
            id,
            enterprise_account_id: account,
            name: state.account_name(account),
            state: "ACTIVE",
            primary_contact_iam_id: owner.iam_id,
            primary_contact_email: owner.email,
            source_account_id: account,
            created_at: BUILTIN_CREATED_AT,
            created_by: SYSTEM_IAM_ID,
        }
    }
}

impl<'a> ChildAccount<'a> {
    pub(in super::super) fn new(state: &'a IbmState, id: &'a str, caller: &'a Caller) -> Self {
        let (root, enterprise) = (&*caller.account, enterprise_id(&caller.account));
        let group = state.account_group_of(id);
        let owner = Owner::new(state, id, caller);
        let (parent, path) = match group {
            Some(group) => {
                (crn(root, "account-group", group), format!("enterprise:{enterprise}/account-group:{group}"))
            }
            None => (crn(root, "enterprise", &enterprise), format!("enterprise:{enterprise}")),
        };
        Self {
            url: format!("/v1/accounts/{id}"),
            id,
            crn: crn(root, "account", id),
            parent,
            enterprise_account_id: root,
            enterprise_path: format!("{path}/account:{id}"),
            enterprise_id: enterprise,
            name: state.account_name(id),
            state: "ACTIVE",
            owner_iam_id: owner.iam_id,
            paid: true,
            owner_email: owner.email,
            is_enterprise_account: id == root,
            created_at: BUILTIN_CREATED_AT,
            created_by: SYSTEM_IAM_ID,
        }
    }
}

impl<'a> ChildGroup<'a> {
    pub(in super::super) fn new(state: &'a IbmState, id: &'a str, caller: &'a Caller) -> Self {
        let (root, enterprise) = (&*caller.account, enterprise_id(&caller.account));
        let contact = Owner::new(state, root, caller);
        Self {
            url: format!("/v1/account-groups/{id}"),
            id,
            crn: crn(root, "account-group", id),
            parent: crn(root, "enterprise", &enterprise),
            enterprise_account_id: root,
            enterprise_path: format!("enterprise:{enterprise}/account-group:{id}"),
            enterprise_id: enterprise,
            name: state.account_group_name(id),
            state: "ACTIVE",
            primary_contact_iam_id: contact.iam_id,
            primary_contact_email: contact.email,
            created_at: BUILTIN_CREATED_AT,
            created_by: SYSTEM_IAM_ID,
        }
    }
}

fn crn(root: &str, kind: &str, id: &str) -> String {
    format!("crn:v1:bluemix:public:enterprise::a/{root}::{kind}:{id}")
}
