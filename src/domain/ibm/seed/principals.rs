//! The users, service ids and trusted profiles of an account, each in the format of the API response.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::records::identity::IdentityDetails;
use super::super::records::principal::{Principal, PrincipalChange, PrincipalDraft, PrincipalKind};
use super::super::records::user::{Profile, User, UserSettings};
use super::super::state::IbmState;
use super::fields::{
    check_id, check_matches_location, first_violation, merge_details, to_boxed_str, to_owned_string,
};
use super::internal_state::{self, PinnedValue, RecordState, is_false};
use super::known_members::KnownMembers;
use crate::domain::seed::SeedError;
use crate::json::{LazyJsonList, ListItem, rfc3339};
use crate::store::{Record, Tx};

/// A user.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserSeed {
    pub iam_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    realm: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    firstname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lastname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phonenumber: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    altphonenumber: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    photo: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
    #[serde(default, with = "rfc3339", skip_serializing_if = "Option::is_none")]
    added_on: Option<DateTime<Utc>>,
    /// The settings, in the format of their own operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    settings: Option<UserSettingsSeed>,
    #[serde(rename = "$state", skip_serializing_if = "Option::is_none")]
    internal_state: Option<UserState>,
}

/// The settings of a user.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct UserSettingsSeed {
    language: Box<str>,
    notification_language: Box<str>,
    allowed_ip_addresses: Box<str>,
    self_manage: bool,
}

/// The `$state` of a user.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UserState {
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
    /// Whether the name of the identity no longer consists of the first and last name.
    #[serde(default, skip_serializing_if = "is_false")]
    renamed: bool,
}

/// A service id or a trusted profile.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrincipalSeed {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iam_id: Option<String>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unique_instance_crns: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified_at: Option<DateTime<Utc>>,
    #[serde(rename = "entity_tag", skip_serializing)]
    _entity_tag: Option<String>,
    #[serde(rename = "crn", skip_serializing)]
    _crn: Option<String>,
    #[serde(rename = "locked", skip_serializing)]
    _locked: Option<bool>,
    #[serde(default, skip_serializing_if = "is_false")]
    pinned: bool,
    #[serde(rename = "$state", skip_serializing_if = "Option::is_none")]
    internal_state: Option<RecordState<Self>>,
}

impl ListItem for UserSeed {
    type Item<'a> = Self;
    type Shown<'a> = Self;
    type Saved<'a> = Self;

    const REJECTS_DUPLICATES: bool = true;

    /// Returns whether the details of the identity are given, or its id is invalid.
    fn is_marked(user: &Self) -> bool {
        user.iam_id.is_empty() || user.details() != IdentityDetails::default()
    }
}

impl UserSeed {
    /// Returns the details of the identity.
    pub fn details(&self) -> IdentityDetails {
        let names: Vec<&str> =
            [&self.firstname, &self.lastname].into_iter().flatten().map(String::as_str).collect();
        let is_renamed = self.internal_state.as_ref().is_some_and(|it| it.renamed);
        let name = (!names.is_empty() && !is_renamed).then(|| names.join(" ").into());
        IdentityDetails { name, email: to_boxed_str(self.email.as_ref()), description: None }
    }
}

/// Loads a user into an account.
pub fn load_user(
    (state, known): (&mut IbmState, &mut KnownMembers),
    account: &str,
    user: &UserSeed,
    tx: &Tx<'_>,
) -> Result<(), SeedError> {
    check_matches_location("account_id", user.account_id.as_deref(), account)?;
    check_id(user.id.as_deref())?;
    let profile = Profile {
        id: to_boxed_str(user.id.as_ref()),
        realm: to_boxed_str(user.realm.as_ref()),
        user_id: to_boxed_str(user.user_id.as_ref()),
        firstname: to_boxed_str(user.firstname.as_ref()),
        lastname: to_boxed_str(user.lastname.as_ref()),
        state: to_boxed_str(user.state.as_ref()),
        phonenumber: to_boxed_str(user.phonenumber.as_ref()),
        altphonenumber: to_boxed_str(user.altphonenumber.as_ref()),
        photo: to_boxed_str(user.photo.as_ref()),
    };
    let profile = Some(Box::new(profile)).filter(|it| **it != Profile::default());
    let account = state.intern_account(account);
    let identity = known.add_user(state, &user.iam_id);
    let added = user.added_on.unwrap_or(tx.now).into();
    let sequence = internal_state::validate_sequence(
        "sequence",
        user.internal_state.as_ref().and_then(|it| it.sequence),
    )?;
    let settings = user.settings.clone().map(|it| Box::new(it.into()));
    let result = state.restore(User { account, identity, added_at: added, profile, settings }, sequence);
    let reason = || format!("`{}` is already a user of the account", user.iam_id);
    result.map_err(|error| internal_state::insert_error(error, "iam_id", reason()))
}

impl From<UserSettingsSeed> for UserSettings {
    fn from(seed: UserSettingsSeed) -> Self {
        let UserSettingsSeed { language, notification_language, allowed_ip_addresses, self_manage } = seed;
        Self { language, notification_language, allowed_ip_addresses, self_manage }
    }
}

impl From<UserSettings> for UserSettingsSeed {
    fn from(settings: UserSettings) -> Self {
        let UserSettings { language, notification_language, allowed_ip_addresses, self_manage } = settings;
        Self { language, notification_language, allowed_ip_addresses, self_manage }
    }
}

impl PrincipalSeed {
    /// Returns the details of the identity.
    pub fn details(&self) -> IdentityDetails {
        let description =
            to_boxed_str(self.description.as_ref()).filter(|description| !description.is_empty());
        IdentityDetails { name: Some(self.name.as_str().into()), email: None, description }
    }

    /// Returns the IAM id; `None` if the id will be generated, which cannot occur in a saved section.
    pub fn known_iam_id(&self) -> Option<String> {
        self.id.as_deref().map(|id| format!("iam-{id}"))
    }

    /// Checks that a pinned value has no fields that a restoration leaves unchanged.
    fn check_pinned(&self) -> Result<(), SeedError> {
        let has_record_fields = self.internal_state.as_ref().is_some_and(RecordState::has_record_fields);
        let fields = [
            ("id", self.id.is_some()),
            ("iam_id", self.iam_id.is_some()),
            ("pinned", self.pinned),
            ("$state", has_record_fields),
        ];
        let forbidden = fields.into_iter().find(|(_, is_present)| *is_present);
        forbidden.map_or(Ok(()), |(name, _)| Err(internal_state::not_allowed_in_pinned_value(name)))
    }

    /// Converts the seed to a service id or trusted profile.
    fn to_principal(
        &self,
        state: &mut IbmState,
        kind: PrincipalKind,
        (account, id): (&str, &str),
        tx: &mut Tx<'_>,
    ) -> Result<Principal, SeedError> {
        check_matches_location("account_id", self.account_id.as_deref(), account)?;
        let change = PrincipalChange {
            name: Some(self.name.clone()),
            description: self.description.clone(),
            email: self.email.clone(),
            unique_instance_crns: Some(self.unique_instance_crns.clone()),
        };
        let content = PrincipalDraft::new(change).map_err(first_violation)?;
        let created = self.created_at.unwrap_or(tx.now);
        let record_version = internal_state::record_version(self.internal_state.as_ref())?;
        Ok(Principal {
            kind,
            account: state.intern_account(account),
            id: id.into(),
            created: created.into(),
            modified: self.modified_at.unwrap_or(created).into(),
            content,
            revision: record_version.revision_or_next(tx),
            change_count: record_version.change_count_or_default(),
        })
    }
}

/// Loads a service id or trusted profile into an account.
pub fn load_principal(
    state: &mut IbmState,
    kind: PrincipalKind,
    account: &str,
    seed: &PrincipalSeed,
    tx: &mut Tx<'_>,
) -> Result<(), SeedError> {
    check_id(seed.id.as_deref())?;
    let id = seed.id.clone().unwrap_or_else(|| state.new_id::<Principal>(kind.prefix(), kind.prefix(), tx));
    if !id.starts_with(kind.prefix()) {
        return Err(SeedError::new("id", format!("must start with {}", kind.prefix())));
    }
    check_matches_location("iam_id", seed.iam_id.as_deref(), &format!("iam-{id}"))?;
    let mut principal = seed.to_principal(state, kind, (account, &id), tx)?;
    if seed.internal_state.is_none() {
        // In a saved state two trusted profiles can have the same name: deleting a pinned one restores its name.
        let checked = state.check_principal_name(kind, account, &principal.content.name, "");
        checked.map_err(|error| SeedError::new("name", error.message()))?;
    }
    // A description that only a member has is copied, so that an update or a restoration does not lose it.
    let iam_id = principal.iam_id();
    merge_details(state, &iam_id, principal.details())?;
    principal.content.description = state.identity_description(&iam_id).map(Into::into);
    let sequence = internal_state::record_version(seed.internal_state.as_ref())?.sequence;
    let result = state.restore(principal, sequence);
    result.map_err(|error| {
        internal_state::insert_error(error, "id", format!("`{id}` is already used by an earlier record"))
    })?;
    match PinnedValue::from_seed(seed.pinned, seed.internal_state.as_ref())? {
        PinnedValue::None => {}
        PinnedValue::Current => state.pin::<Principal>((kind.prefix(), &id)),
        PinnedValue::Other(other) => {
            other.check_pinned()?;
            let pinned = other.to_principal(state, kind, (account, &id), tx);
            state.set_pinned(pinned.map_err(|error| error.nested_in("$state.pinned"))?);
        }
    }
    Ok(())
}

/// Returns the users of an account.
pub fn save_users(state: &IbmState, account: &str) -> LazyJsonList<UserSeed> {
    LazyJsonList::from_state((state.clone(), account.to_owned()), |(state, account), mut share| {
        let users = state.iter_with_sequence::<User>(User::BY_ACCOUNT, (account, ""));
        let users = users.filter(move |_| share.has_next());
        Box::new(users.map(|(sequence, user)| save_user(sequence, user)))
    })
}

/// Returns the IAM id of each user that is saved with details of its identity, and these details.
pub fn saved_user_details(state: &IbmState) -> impl Iterator<Item = (&str, IdentityDetails)> {
    let users = state.all_with_sequence::<User>();
    let users = users.filter(|(_, user)| user.profile.is_some() || user.identity.details.is_some());
    users.map(|(sequence, user)| (&*user.identity.iam_id, save_user(sequence, user).details()))
}

/// Returns the seed of a user.
fn save_user(sequence: u64, user: &User) -> UserSeed {
    let details = user.identity.details.as_deref();
    let profile = user.profile.as_deref();
    let value =
        |field: fn(&Profile) -> Option<&str>| profile.and_then(|profile| to_owned_string(field(profile)));
    let mut seed = UserSeed {
        iam_id: user.identity.iam_id.to_string(),
        id: value(|profile| profile.id.as_deref()),
        realm: value(|profile| profile.realm.as_deref()),
        user_id: value(|profile| profile.user_id.as_deref()),
        firstname: value(|profile| profile.firstname.as_deref()),
        lastname: value(|profile| profile.lastname.as_deref()),
        state: value(|profile| profile.state.as_deref()),
        email: details.and_then(|details| to_owned_string(details.email.as_deref())),
        phonenumber: value(|profile| profile.phonenumber.as_deref()),
        altphonenumber: value(|profile| profile.altphonenumber.as_deref()),
        photo: value(|profile| profile.photo.as_deref()),
        account_id: None,
        added_on: Some(user.added_at.to_datetime()),
        settings: user.settings.as_deref().cloned().map(UserSettingsSeed::from),
        internal_state: None,
    };
    let name = seed.details().name;
    let renamed = name.is_some() && name.as_deref() != details.and_then(|details| details.name.as_deref());
    seed.internal_state = Some(UserState { sequence: Some(sequence), renamed });
    seed
}

/// Returns the service ids or trusted profiles of an account.
pub fn save_principals(state: &IbmState, kind: PrincipalKind, account: &str) -> Vec<PrincipalSeed> {
    let principals = state.iter_with_sequence::<Principal>(Principal::BY_ACCOUNT, (account, kind.prefix()));
    principals.map(|(sequence, principal)| save_principal(state, sequence, principal)).collect()
}

/// Returns the seed of a service id or trusted profile with its id and `$state`.
fn save_principal(state: &IbmState, sequence: u64, principal: &Principal) -> PrincipalSeed {
    let pinned = state.pinned::<Principal>(principal.key());
    let other = pinned.filter(|pinned| *pinned != principal).map(|pinned| {
        let record_state = RecordState::new_pinned((pinned.revision, pinned.change_count));
        PrincipalSeed { internal_state: Some(record_state), ..principal_seed(pinned) }
    });
    PrincipalSeed {
        id: Some(principal.id.to_string()),
        pinned: pinned.is_some() && other.is_none(),
        internal_state: Some(RecordState::new(sequence, (principal.revision, principal.change_count), other)),
        ..principal_seed(principal)
    }
}

/// Returns the seed of a service id or trusted profile without its id and `$state`.
fn principal_seed(principal: &Principal) -> PrincipalSeed {
    let PrincipalDraft { name, description, email, unique_instance_crns } = &principal.content;
    PrincipalSeed {
        id: None,
        iam_id: None,
        name: name.to_string(),
        description: to_owned_string(description.as_deref()),
        email: to_owned_string(email.as_deref()),
        unique_instance_crns: unique_instance_crns.iter().map(ToString::to_string).collect(),
        account_id: None,
        created_at: Some(principal.created.to_datetime()),
        modified_at: Some(principal.modified.to_datetime())
            .filter(|_| principal.modified != principal.created),
        _entity_tag: None,
        _crn: None,
        _locked: None,
        pinned: false,
        internal_state: None,
    }
}
