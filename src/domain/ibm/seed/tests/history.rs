//! Random histories: operations on the state whose records are chosen by index.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;
use serde_json::value::RawValue;

use super::super::super::bulk::Batch;
use super::super::super::records::assignment::{Assignment, AssignmentDraft, Viewpoint};
use super::super::super::records::caller::Caller;
use super::super::super::records::group::{Group, GroupChange, GroupDraft};
use super::super::super::records::managed_group::GroupMutation;
use super::super::super::records::member::{MemberKind, Membership, NewMember};
use super::super::super::records::policy::{ApiVersion as PolicyVersion, Policy, PolicyDraft, PolicyInput};
use super::super::super::records::principal::{Principal, PrincipalChange, PrincipalDraft, PrincipalKind};
use super::super::super::records::rule::{Rule, RuleDraft, RuleInput};
use super::super::super::records::template::{TemplateDraft, Version, VersionDraft, VersionInput};
use super::super::super::state::HasCollection;
use super::super::super::state::IbmState;
use crate::spec::ApiError;
use crate::store::Tx;

/// A request: its kind, and numbers that choose its records and values.
#[derive(Debug, Clone, Copy)]
pub struct HistoryRequest([u8; 4]);

/// The names of the kinds of requests, by number.
pub const NAMES: [&str; 27] = [
    "create group",
    "update group",
    "delete group",
    "add member",
    "add to groups",
    "remove member",
    "remove from all",
    "create rule",
    "replace rule",
    "delete rule",
    "create policy",
    "replace policy",
    "delete policy",
    "create principal",
    "update principal",
    "delete principal",
    "set public access",
    "create template",
    "create version",
    "replace version",
    "commit version",
    "delete version",
    "delete template",
    "assign",
    "update assignment",
    "delete assignment",
    "change a pinned group",
];

const ACCOUNTS: [&str; 3] = ["root", "child", "other"];

/// The result of a request: a string that identifies the changed record or its new state.
type RequestResult = Result<String, ApiError>;

/// Returns a strategy for random requests.
pub fn request() -> impl Strategy<Value = HistoryRequest> {
    any::<[u8; 4]>().prop_map(HistoryRequest)
}

/// Returns a pseudo-random request that depends only on `number`.
pub fn numbered(number: u32) -> HistoryRequest {
    HistoryRequest(number.wrapping_mul(2_654_435_761).rotate_left(7).to_be_bytes())
}

fn caller(number: u8) -> Caller {
    Caller { iam_id: format!("IBMid-{}", number % 3).into(), account: "root".into(), restricted_to: None }
}

fn account(number: u8) -> &'static str {
    ACCOUNTS[usize::from(number) % 3]
}

/// Returns the record at index `number` modulo the number of records; `None` if there are no records.
fn nth<R: HasCollection>(state: &IbmState, number: u8) -> Option<R> {
    let all = R::collection(state);
    let index = usize::from(number).checked_rem(all.len())?;
    all.iter().nth(index).cloned()
}

fn group_id(state: &IbmState, number: u8) -> String {
    nth::<Group>(state, number).map(|it| it.key.id.to_string()).unwrap_or_default()
}

fn member(number: u8) -> NewMember {
    let (iam_id, kind) = match number % 8 {
        0 => ("iam-ServiceId-pinned", MemberKind::Service),
        1 => ("iam-Profile-plain", MemberKind::Profile),
        2 => ("iam-Profile-plain", MemberKind::User),
        3 => ("iam-Profile-pinned", MemberKind::Profile),
        4 => ("IBMid-9", MemberKind::User),
        number => return NewMember { iam_id: format!("IBMid-{number}"), kind: MemberKind::User },
    };
    NewMember { iam_id: iam_id.to_owned(), kind }
}

fn rule(number: u8) -> RuleDraft {
    let condition = ["claim", "EQUALS", "1"].map(|value| Some(value.to_owned()));
    let input = RuleInput {
        name: (number > 99).then(|| "rule".to_owned()),
        expiration: Some(f64::from(1 + number % 24)),
        realm_name: Some("realm".to_owned()),
        conditions: Some(vec![condition]),
    };
    RuleDraft::new(input).unwrap()
}

fn policy(account: &str, group: Option<&Group>, number: u8) -> PolicyDraft {
    let string = |value: &str| Some(value.to_owned());
    let subject = match group {
        Some(group) => (string("access_group_id"), None, Some(json!(group.key.id))),
        None => (string("iam_id"), string("stringEquals"), Some(json!("IBMid-1"))),
    };
    PolicyDraft::new(PolicyInput {
        kind: string("access"),
        description: (number > 50).then(|| format!("policy {number}")),
        subject: vec![subject],
        resource: vec![
            (string("accountId"), None, Some(json!(account))),
            (string("serviceName"), string("stringEquals"), Some(json!("kms"))),
        ],
        tags: Vec::new(),
        roles: vec!["crn:v1:bluemix:public:iam::::role:Editor".to_owned()],
        pattern: (number > 150).then(|| "time-based".to_owned()),
        rule: (number > 200).then(|| json!({"operator": "and", "conditions": [1, 2.5, "x"]})),
    })
    .unwrap()
}

fn principal_change(number: u8) -> PrincipalChange {
    PrincipalChange {
        name: Some(format!("name {number}")).filter(|_| !number.is_multiple_of(5)),
        description: Some(["", "text"][usize::from(number % 2)].to_owned())
            .filter(|_| !number.is_multiple_of(3)),
        email: Some("mail@example.com".to_owned()).filter(|_| number % 7 > 3),
        unique_instance_crns: None,
    }
}

fn version(number: u8) -> VersionInput {
    let rule = |hours: u8| {
        let conditions = json!([{"claim": "c", "operator": "EQUALS", "value": "1"}]);
        json!({"expiration": 1 + hours, "realm_name": "r", "conditions": conditions})
    };
    let group = json!({
        "name": format!("group {}", number % 2),
        "members": {
            "users": [format!("IBMid-{}", number % 3)],
            "action_controls": {"add": number.is_multiple_of(2), "remove": number % 5 < 3}
        },
        "assertions": {
            "rules": (0..number % 3).map(rule).collect::<Vec<_>>(),
            "action_controls": {"remove": number % 7 > 2, "add": !number.is_multiple_of(4)}
        },
        "action_controls": {"access": {"add": number % 4 > 1}}
    });
    let group = RawValue::from_string(format!("{group:#}")).unwrap();
    VersionInput {
        name: number.is_multiple_of(3).then(|| format!("template {}", number % 4)),
        group: (!number.is_multiple_of(4)).then_some(group),
        references: (number > 128).then(|| RawValue::from_string(r#"[ {"id": "p"} ]"#.to_owned()).unwrap()),
        ..VersionInput::default()
    }
}

impl HistoryRequest {
    pub fn kind(self) -> usize {
        usize::from(self.0[0]) % NAMES.len()
    }

    /// Runs the request and returns its result as a string.
    pub fn apply(self, state: &mut IbmState, tx: &mut Tx<'_>) -> String {
        let result = match self.kind() {
            0..=2 => self.change_groups(state, tx),
            3..=6 => self.change_members(state, tx),
            7..=9 => self.change_rules(state, tx),
            10..=12 => self.change_policies(state, tx),
            13..=16 => self.change_principals(state, tx),
            17..=22 => self.change_templates(state, tx),
            23..=25 => self.change_assignments(state, tx),
            _ => self.change_pinned(state, tx),
        };
        result.map_or_else(|error| format!("error: {}", error.message()), |value| format!("ok: {value}"))
    }

    fn change_groups(self, state: &mut IbmState, tx: &mut Tx<'_>) -> RequestResult {
        let [_, a, b, c] = self.0;
        let id = group_id(state, a);
        match self.kind() {
            0 => {
                let draft =
                    GroupDraft::new(Some(format!("group {b}")), (c > 99).then(|| "description".to_owned()));
                Ok(state.create_group(account(a), draft.unwrap(), &caller(c), tx).entity_tag().to_owned())
            }
            1 => {
                let change = GroupChange::new((b > 99).then(|| format!("name {b}")), None).unwrap();
                Ok(state.update_group(&id, change, &caller(c), tx)?.entity_tag().to_owned())
            }
            _ => {
                state.check_mutation(&id, GroupMutation::Delete, MANAGED_GROUP_ERROR)?;
                state.delete_group(&id);
                Ok(id)
            }
        }
    }

    fn change_members(self, state: &mut IbmState, tx: &Tx<'_>) -> RequestResult {
        let [_, a, b, c] = self.0;
        let id = group_id(state, a);
        match self.kind() {
            3 => {
                let batch = Batch { items: &[member(b), member(c)], faults: &|_, _| None };
                Ok(format!("{:?}", state.add_members(&id, batch, &caller(c), tx)?))
            }
            4 => {
                let stamp = state.audit_stamp(&caller(c), tx);
                let groups = [id, group_id(state, b)];
                let groups = Batch { items: &groups, faults: &|_, _| None };
                Ok(format!("{:?}", state.add_to_groups(account(a), &member(c), groups, &stamp)))
            }
            5 => {
                let member: Option<Membership> = nth(state, b);
                let iam_id = member.as_ref().map_or("", |it| &it.member.iam_id);
                let id = member.as_ref().map_or("", |it| &it.group.id);
                state.remove_member(id, iam_id).map(|()| iam_id.to_owned())
            }
            _ => Ok(format!("{:?}", state.remove_from_all(account(a), &member(b).iam_id, &|_, _| None)?)),
        }
    }

    fn change_rules(self, state: &mut IbmState, tx: &mut Tx<'_>) -> RequestResult {
        let [_, a, b, c] = self.0;
        if self.kind() == 7 {
            let id = group_id(state, a);
            return Ok(state.create_rule(&id, rule(b), &caller(c), tx)?.entity_tag());
        }
        let found: Option<Rule> = nth(state, a);
        let (id, rule_id) = found.as_ref().map_or(("", ""), |it| (&it.group.id, &it.id));
        match self.kind() {
            8 => Ok(state.replace_rule((id, rule_id), rule(b), &caller(c), tx)?.entity_tag()),
            _ => state.delete_rule(id, rule_id).map(|()| rule_id.to_owned()),
        }
    }

    fn change_policies(self, state: &mut IbmState, tx: &mut Tx<'_>) -> RequestResult {
        let [_, a, b, c] = self.0;
        let group: Option<Group> = nth(state, b).filter(|_| b < 200);
        if self.kind() == 10 {
            let account = group.as_ref().map_or(account(a), |it| &it.key.account);
            let version = [PolicyVersion::V1, PolicyVersion::V2][usize::from(c % 2)];
            let draft = policy(account, group.as_ref(), c);
            return Ok(state.create_policy(version, draft, &caller(c), tx)?.entity_tag());
        }
        let Some(found): Option<Policy> = nth(state, a) else { return Ok("nothing".to_owned()) };
        if self.kind() == 11 {
            let draft = policy(&found.account, group.as_ref(), c);
            return Ok(state.replace_policy(&found.id, draft, &caller(c), tx)?.entity_tag());
        }
        state.delete_policy(&found.id);
        Ok(found.id.to_string())
    }

    fn change_principals(self, state: &mut IbmState, tx: &mut Tx<'_>) -> RequestResult {
        let [_, a, b, c] = self.0;
        let kind = [PrincipalKind::ServiceId, PrincipalKind::Profile][usize::from(a % 2)];
        match self.kind() {
            13 => {
                let change = PrincipalChange { name: Some(format!("name {}", b % 9)), ..principal_change(c) };
                let draft = PrincipalDraft::new(change).unwrap();
                return Ok(state.create_principal(kind, account(b), draft, tx)?.entity_tag());
            }
            16 => {
                state.set_public_access(account(a), b > 99, &caller(c), tx);
                return Ok(account(a).to_owned());
            }
            _ => {}
        }
        let Some(found): Option<Principal> = nth(state, b) else { return Ok("nothing".to_owned()) };
        if self.kind() == 14 {
            let content = found.content.with_change(principal_change(c)).unwrap();
            state.check_principal_name(found.kind, &found.account, &content.name, &found.id)?;
            return Ok(state.update_principal((found.kind, &found.id), content, tx)?.entity_tag());
        }
        state.delete_principal(found.kind, &found.id);
        Ok(found.id.to_string())
    }

    fn change_templates(self, state: &mut IbmState, tx: &mut Tx<'_>) -> RequestResult {
        let [_, a, b, c] = self.0;
        let caller = caller(c);
        if self.kind() == 17 {
            let input = VersionInput { name: Some(format!("template {}", b % 4)), ..version(b) };
            let draft = TemplateDraft::new(Some(account(a).to_owned()), input).unwrap();
            return Ok(state.create_template(draft, &caller, tx)?.version.entity_tag());
        }
        let found: Option<Version> = nth(state, a);
        let (id, number) = found.as_ref().map_or(("", ""), |it| (&it.template, &it.number));
        let draft = VersionDraft::new(version(b)).unwrap();
        match self.kind() {
            18 => Ok(state.create_version(id, draft, &caller, tx)?.version.entity_tag()),
            19 => Ok(state.replace_version((id, number), draft, &caller, tx)?.version.entity_tag()),
            20 => state.commit_version(id, number, &caller, tx).map(|()| number.to_owned()),
            21 => state.delete_version(id, number, &caller).map(|()| number.to_owned()),
            // Whole templates are deleted less often, so that some remain.
            _ if b.is_multiple_of(4) => state.delete_template(id, &caller).map(|()| id.to_owned()),
            _ => Ok("nothing".to_owned()),
        }
    }

    fn change_assignments(self, state: &mut IbmState, tx: &mut Tx<'_>) -> RequestResult {
        let [_, a, b, c] = self.0;
        let caller = caller(c);
        let found: Option<Assignment> = nth(state, a);
        let id = found.as_ref().map_or("", |it| &it.id);
        match self.kind() {
            23 => {
                let version: Option<Version> = nth(state, b);
                let (template, number) = version.as_ref().map_or(("", ""), |it| (&*it.template, &*it.number));
                let target_type = ["Account", "Account", "AccountGroup"][usize::from(c % 3)];
                let draft = [template, number, target_type, account(a)].map(|value| Some(value.to_owned()));
                let Ok(draft) = AssignmentDraft::new(draft) else { return Ok("nothing".to_owned()) };
                Ok(state.create_assignment(draft, &caller, tx)?.entity_tag(Viewpoint::Initiator))
            }
            24 => {
                let updated = state.update_assignment(id, &(1 + b % 9).to_string(), &caller, tx)?;
                Ok(updated.entity_tag(Viewpoint::Initiator))
            }
            _ if b.is_multiple_of(4) => {
                let accounts: BTreeSet<String> = [account(b), account(c)].map(str::to_owned).into();
                state.set_account_group(account(a), Some(&accounts).filter(|_| c > 30), &caller, tx);
                Ok(account(a).to_owned())
            }
            _ => state.delete_assignment(id, &caller, tx).map(|()| id.to_owned()),
        }
    }

    /// Changes a pinned record. There are few of them, so that other requests rarely choose them.
    fn change_pinned(self, state: &mut IbmState, tx: &mut Tx<'_>) -> RequestResult {
        let [_, a, b, c] = self.0;
        let id = "AccessGroupId-pinned";
        match a % 4 {
            0 => {
                let change = GroupChange::new(Some(format!("name {b}")), None).unwrap();
                Ok(state.update_group(id, change, &caller(c), tx)?.entity_tag().to_owned())
            }
            1 => {
                let replaced = state.replace_rule((id, "ClaimRule-pinned"), rule(b), &caller(c), tx)?;
                Ok(replaced.entity_tag())
            }
            2 => {
                let group = nth(state, b);
                let draft = policy("root", group.as_ref(), c);
                Ok(state.replace_policy("policy-of-pinned", draft, &caller(c), tx)?.entity_tag())
            }
            _ => {
                state.delete_group(id);
                Ok(id.to_owned())
            }
        }
    }
}

/// The error for the deletion of a managed group.
const MANAGED_GROUP_ERROR: &crate::spec::ErrorCode = &super::super::super::error::managed::DELETE;
