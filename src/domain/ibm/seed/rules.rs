//! The rules of a group.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Number;

use super::super::records::group::GroupKey;
use super::super::records::rule::{Rule, RuleDraft, RuleInput};
use super::super::state::IbmState;
use super::fields::{
    AuditFields, audit_stamp, audit_stamp_or, check_id, check_matches_location, first_violation,
    to_owned_string,
};
use super::internal_state::{self, PinnedValue, RecordState, is_false};
use super::pinning::LoadedGroup;
use crate::domain::seed::SeedError;
use crate::store::{Record, Tx};

/// A rule of a group.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSeed {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    expiration: Number,
    realm_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_group_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
    conditions: Vec<ConditionSeed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified_by_id: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pinned: bool,
    #[serde(rename = "$state", skip_serializing_if = "Option::is_none")]
    internal_state: Option<RecordState<Self>>,
}

/// A condition of a rule.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionSeed {
    claim: String,
    operator: String,
    value: String,
}

impl RuleSeed {
    /// Checks that a pinned value has no fields that a restoration leaves unchanged.
    fn check_pinned(&self) -> Result<(), SeedError> {
        let has_record_fields = self.internal_state.as_ref().is_some_and(RecordState::has_record_fields);
        let fields = [("id", self.id.is_some()), ("pinned", self.pinned), ("$state", has_record_fields)];
        let forbidden = fields.into_iter().find(|(_, is_present)| *is_present);
        forbidden.map_or(Ok(()), |(name, _)| Err(internal_state::not_allowed_in_pinned_value(name)))
    }

    /// Converts the seed to a rule.
    fn to_rule(
        &self,
        state: &mut IbmState,
        (group, id): (&Arc<GroupKey>, &str),
        tx: &mut Tx<'_>,
    ) -> Result<Rule, SeedError> {
        check_matches_location("access_group_id", self.access_group_id.as_deref(), &group.id)?;
        check_matches_location("account_id", self.account_id.as_deref(), &group.account)?;
        let conditions = self.conditions.iter().map(|condition| {
            let ConditionSeed { claim, operator, value } = condition.clone();
            [Some(claim), Some(operator), Some(value)]
        });
        let input = RuleInput {
            name: self.name.clone(),
            expiration: self.expiration.as_f64(),
            realm_name: Some(self.realm_name.clone()),
            conditions: Some(conditions.collect()),
        };
        let content = RuleDraft::new(input).map_err(first_violation)?;
        let created = audit_stamp(state, self.created_at, self.created_by_id.as_deref(), tx);
        let modified =
            audit_stamp_or(state, self.last_modified_at, self.last_modified_by_id.as_deref(), &created);
        let record_version = internal_state::record_version(self.internal_state.as_ref())?;
        let (revision, change_count) =
            (record_version.revision_or_next(tx), record_version.change_count_or_default());
        Ok(Rule {
            group: Arc::clone(group),
            id: id.into(),
            content,
            created,
            modified,
            revision,
            change_count,
        })
    }
}

/// Loads a rule into a group, and returns whether it is pinned.
pub fn load(
    state: &mut IbmState,
    loaded: &LoadedGroup,
    seed: &RuleSeed,
    tx: &mut Tx<'_>,
) -> Result<bool, SeedError> {
    check_id(seed.id.as_deref())?;
    let group = &loaded.key;
    let id = seed.id.clone().unwrap_or_else(|| state.new_id::<Rule>("ClaimRule-", &group.id, tx));
    let rule = seed.to_rule(state, (group, &id), tx)?;
    let sequence = internal_state::record_version(seed.internal_state.as_ref())?.sequence;
    let result = state.restore(rule, sequence);
    let reason = || format!("`{id}` is already used by an earlier rule of the group");
    result.map_err(|error| internal_state::insert_error(error, "id", reason()))?;
    match PinnedValue::from_seed(seed.pinned, seed.internal_state.as_ref())? {
        PinnedValue::Other(other) => {
            loaded.is_pinned(true)?;
            other.check_pinned()?;
            let pinned = other.to_rule(state, (group, &id), tx);
            state.set_pinned(pinned.map_err(|error| error.nested_in("$state.pinned"))?);
            Ok(true)
        }
        pin => {
            let is_pinned = loaded.is_pinned(matches!(pin, PinnedValue::Current))?;
            if is_pinned {
                state.pin::<Rule>((&group.id, &id));
            }
            Ok(is_pinned)
        }
    }
}

/// Returns the seed of a rule with its id and `$state`.
pub fn save(state: &IbmState, sequence: u64, rule: &Rule) -> RuleSeed {
    let pinned = state.pinned::<Rule>(rule.key());
    let other = pinned.filter(|pinned| *pinned != rule).map(|pinned| {
        let record_state = RecordState::new_pinned((pinned.revision, pinned.change_count));
        RuleSeed { internal_state: Some(record_state), ..rule_seed(pinned) }
    });
    RuleSeed {
        id: Some(rule.id.to_string()),
        pinned: pinned.is_some() && other.is_none(),
        internal_state: Some(RecordState::new(sequence, (rule.revision, rule.change_count), other)),
        ..rule_seed(rule)
    }
}

/// Returns the seed of a rule without its id and `$state`.
fn rule_seed(rule: &Rule) -> RuleSeed {
    let audit_fields = AuditFields::new(&rule.created, &rule.modified);
    let RuleDraft { name, expiration, realm_name, conditions } = &rule.content;
    let conditions = conditions.iter().map(|condition| ConditionSeed {
        claim: condition.claim.to_string(),
        operator: condition.operator.name().to_owned(),
        value: condition.value.to_string(),
    });
    RuleSeed {
        id: None,
        name: Some(name.to_string()),
        expiration: (*expiration).into(),
        realm_name: realm_name.to_string(),
        access_group_id: None,
        account_id: None,
        conditions: conditions.collect(),
        created_at: audit_fields.created_at,
        created_by_id: to_owned_string(audit_fields.created_by_id),
        last_modified_at: audit_fields.last_modified_at,
        last_modified_by_id: to_owned_string(audit_fields.last_modified_by_id),
        pinned: false,
        internal_state: None,
    }
}
