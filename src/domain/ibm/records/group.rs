//! Access groups.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use serde_json::value::RawValue;

use super::audit::AuditStamp;
use super::entity_tag::entity_tag;
use super::interned::InternedStr;
use crate::spec::{Violation, Violations};
use crate::store::{AppendText, Index, Key, Memo, Record, SlotHint};

/// The id of the Public Access group, which exists in every account.
pub const PUBLIC_ACCESS: &str = "AccessGroupId-PublicAccess";

/// The name of the Public Access group.
pub const PUBLIC_ACCESS_NAME: &str = "Public Access";

/// The description of the Public Access group.
pub const PUBLIC_ACCESS_DESCRIPTION: &str = "This group includes all users and service IDs by default. All \
    group members, including unauthenticated users, are given public access to any resources that are defined \
    in the policies for the group.";

/// The maximum length of a name, in Unicode scalar values.
const MAX_NAME_CHARS: usize = 100;

/// The maximum length of a description, in Unicode scalar values.
const MAX_DESCRIPTION_CHARS: usize = 250;

/// An access group.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The id and account.
    pub key: Arc<GroupKey>,
    /// The name, 1 to 100 characters.
    pub name: Box<str>,
    /// The description, at most 250 characters.
    pub description: Box<str>,
    /// The time and author of the creation.
    pub created: AuditStamp,
    /// The time and author of the last change of the name or description.
    pub modified: AuditStamp,
    /// The revision of the last change of the name or description.
    pub revision: u64,
    /// The number of times the name and description were set.
    pub change_count: u32,
    /// The number of rules.
    pub rule_count: u32,
    /// The cached values. They are allocated on first use, because most groups of a large account are never requested.
    pub cache: Memo<Box<GroupCache>>,
}

/// The values computed from a group and cached.
#[derive(Debug, Default)]
pub struct GroupCache {
    /// The entity tag.
    entity_tag: Memo<Box<str>>,
    /// The JSON of the group in the response for a single group.
    pub json: Memo<Box<RawValue>>,
    /// The JSON of the group in a list.
    pub json_in_list: Memo<Option<Box<RawValue>>>,
}

/// The id and account of a group, shared by the group, its memberships and its rules.
#[derive(Debug, PartialEq, Eq)]
pub struct GroupKey {
    /// The id of the group.
    pub id: Box<str>,
    /// The account of the group.
    pub account: InternedStr,
    /// The slot of the group.
    pub slot: SlotHint,
}

/// The content of a new group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupDraft {
    name: Box<str>,
    description: Box<str>,
}

/// A change of a group; `None` leaves a field unchanged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupChange {
    /// The name.
    pub name: Option<Box<str>>,
    /// The description.
    pub description: Option<Box<str>>,
}

/// A reference to a group: a stored group, or the Public Access group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GroupRef<'a> {
    /// The Public Access group.
    PublicAccess,
    /// A stored group.
    Stored(&'a Group),
}

/// The sort orders of the groups of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupOrder {
    /// By name, case-insensitive.
    Name,
    /// By id.
    Id,
    /// By description, case-insensitive.
    Description,
    /// Groups without rules before groups with rules, each by name.
    IsFederated,
}

/// The values of a group that its position in a sort order depends on.
#[derive(Debug, Clone, Copy)]
pub struct SortKey<'a> {
    pub name: &'a str,
    pub id: &'a str,
    pub description: &'a str,
    is_federated: bool,
}

impl Record for Group {
    const INDEXES: &'static [Index<Self>] = &[Index {
        partition: |group| (&group.key.account, ""),
        orders: &[
            |left, right| GroupOrder::Name.compare(left.sort_key(), right.sort_key()),
            |left, right| GroupOrder::Id.compare(left.sort_key(), right.sort_key()),
            |left, right| GroupOrder::Description.compare(left.sort_key(), right.sort_key()),
            |left, right| GroupOrder::IsFederated.compare(left.sort_key(), right.sort_key()),
        ],
    }];

    const TEXTS: &'static [AppendText<Self>] = &[
        |group, text| push_lowercase(&group.name, text),
        |group, text| push_lowercase(&group.description, text),
    ];

    fn order_text(_index: usize, order: usize) -> Option<AppendText<Self>> {
        Some(match order {
            0 => |group, text| push_lowercase(&group.name, text),
            1 => |group, text| text.push_str(&group.key.id),
            2 => |group, text| push_lowercase(&group.description, text),
            _ => |group, text| {
                text.push(if group.is_federated() { '1' } else { '0' });
                push_lowercase(&group.name, text);
            },
        })
    }

    fn key(&self) -> Key<'_> {
        ("", &self.key.id)
    }

    fn slot_hint(&self) -> Option<&SlotHint> {
        Some(&self.key.slot)
    }

    fn unshared_bytes(&self, _newer: Option<&Self>) -> usize {
        // The cached values are at most twice the JSON of the group.
        let cached = self.cache.get().map_or(0, |_| 1024 + 2 * (self.name.len() + self.description.len()));
        self.name.len() + self.description.len() + cached
    }
}

impl GroupKey {
    /// Returns the key of a group that is not stored yet.
    pub fn new(id: Box<str>, account: InternedStr) -> Self {
        Self { id, account, slot: SlotHint::default() }
    }
}

impl Group {
    /// The index by account.
    pub const BY_ACCOUNT: usize = 0;

    /// The text of the name, in lowercase.
    pub const NAME_TEXT: usize = 0;

    /// The text of the description, in lowercase.
    pub const DESCRIPTION_TEXT: usize = 1;

    /// Returns a group without rules.
    ///
    /// `created` and `modified` are the time and author of the creation and of the last change; `revision` is the
    /// revision of that change, and `change_count` the number of times the content was set.
    pub fn new(
        key: Arc<GroupKey>,
        draft: GroupDraft,
        [created, modified]: [AuditStamp; 2],
        (revision, change_count): (u64, u32),
    ) -> Self {
        let GroupDraft { name, description } = draft;
        Self {
            key,
            name,
            description,
            created,
            modified,
            revision,
            change_count,
            rule_count: 0,
            cache: Memo::default(),
        }
    }

    /// Returns whether the group has at least one rule.
    pub const fn is_federated(&self) -> bool {
        self.rule_count > 0
    }

    /// Returns whether the name and description equal those of `draft`.
    pub fn has_content(&self, draft: &GroupDraft) -> bool {
        self.name == draft.name && self.description == draft.description
    }

    /// Loads what a list shows of the groups into the caches of the processor, several groups at a time.
    ///
    /// The groups of a member are scattered over the memory, and while one is serialized, the processor does not load the
    /// next.
    pub fn preload(groups: &[&Self]) {
        let first_bytes = groups.iter().map(|group| {
            let json = group.cache.get().and_then(|cache| cache.json_in_list.get()?.as_deref());
            let strings = match json {
                Some(json) => [json.get(), "", &group.name],
                None => [&*group.key.id, &group.description, &group.name],
            };
            strings.map(|string| string.bytes().next())
        });
        std::hint::black_box(first_bytes.flatten().flatten().map(u64::from).sum::<u64>());
    }

    /// Returns the cached values of the group.
    pub fn cache(&self) -> &GroupCache {
        self.cache.get_or_init(Box::default)
    }

    /// Returns the entity tag, which changes only when the name or description is set.
    pub fn entity_tag(&self) -> &str {
        self.cache().entity_tag.get_or_init(|| self.compute_entity_tag().into())
    }

    /// Returns the same value as [`Group::entity_tag`] without caching it.
    pub fn compute_entity_tag(&self) -> String {
        entity_tag(&self.key.id, self.change_count, self.revision)
    }

    /// Returns the values that the position of the group in a sort order depends on.
    pub fn sort_key(&self) -> SortKey<'_> {
        SortKey {
            name: &self.name,
            id: &self.key.id,
            description: &self.description,
            is_federated: self.is_federated(),
        }
    }
}

impl GroupRef<'_> {
    /// Returns the entity tag; that of the Public Access group is constant.
    pub fn entity_tag(&self) -> Cow<'_, str> {
        match self {
            Self::PublicAccess => entity_tag(PUBLIC_ACCESS, 1, 0).into(),
            Self::Stored(group) => group.entity_tag().into(),
        }
    }
}

impl SortKey<'_> {
    /// The values of the Public Access group.
    pub const PUBLIC_ACCESS: SortKey<'static> = SortKey {
        name: PUBLIC_ACCESS_NAME,
        id: PUBLIC_ACCESS,
        description: PUBLIC_ACCESS_DESCRIPTION,
        is_federated: false,
    };
}

impl GroupOrder {
    /// Compares two groups. Two different groups are never equal, because their ids differ.
    pub fn compare(self, left: SortKey<'_>, right: SortKey<'_>) -> Ordering {
        let by_name = || compare_ignoring_case(left.name, right.name);
        let order = match self {
            Self::Name => by_name(),
            Self::Id => Ordering::Equal,
            Self::Description => compare_ignoring_case(left.description, right.description),
            Self::IsFederated => left.is_federated.cmp(&right.is_federated).then_with(by_name),
        };
        order.then_with(|| left.id.cmp(right.id))
    }
}

/// Converts each character to lowercase on its own, so that a substring is converted in the same way as the whole
/// string.
pub fn to_lowercase(value: &str) -> String {
    let mut lowercase = String::with_capacity(value.len());
    push_lowercase(value, &mut lowercase);
    lowercase
}

/// Appends the value of [`to_lowercase`] to `text`.
fn push_lowercase(value: &str, text: &mut String) {
    if value.is_ascii() {
        let start = text.len();
        text.push_str(value);
        text[start..].make_ascii_lowercase();
    } else {
        text.extend(value.chars().flat_map(char::to_lowercase));
    }
}

/// Compares two strings case-insensitively.
fn compare_ignoring_case(left: &str, right: &str) -> Ordering {
    // An insertion compares about twenty strings: their common prefix is skipped eight bytes at a time.
    let ((left_chunks, _), (right_chunks, _)) =
        (left.as_bytes().as_chunks::<8>(), right.as_bytes().as_chunks::<8>());
    let common = 8 * left_chunks.iter().zip(right_chunks).take_while(|(one, other)| one == other).count();
    for (one, other) in left.bytes().zip(right.bytes()).skip(common) {
        if !one.is_ascii() || !other.is_ascii() {
            return compare_unicode_ignoring_case(left, right);
        }
        let order = one.to_ascii_lowercase().cmp(&other.to_ascii_lowercase());
        if order.is_ne() {
            return order;
        }
    }
    left.len().cmp(&right.len())
}

/// Compares two strings by the lowercase forms of their Unicode characters.
fn compare_unicode_ignoring_case(left: &str, right: &str) -> Ordering {
    left.chars().flat_map(char::to_lowercase).cmp(right.chars().flat_map(char::to_lowercase))
}

impl GroupDraft {
    /// Returns the content of a new group, or all violations.
    ///
    /// # Errors
    /// The name is missing, blank or longer than 100 characters, or the description longer than 250.
    pub fn new(name: Option<String>, description: Option<String>) -> Result<Self, Violations> {
        let mut violations = Violations::new();
        match &name {
            Some(name) => check_name(name, &mut violations),
            None => violations.push(Violation::new("name", "is missing")),
        }
        check_description(description.as_deref(), &mut violations);
        if !violations.is_empty() {
            return Err(violations);
        }
        let description = description.unwrap_or_default().into();
        Ok(Self { name: name.unwrap_or_default().into(), description })
    }
}

impl GroupDraft {
    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl From<GroupDraft> for GroupChange {
    fn from(GroupDraft { name, description }: GroupDraft) -> Self {
        Self { name: Some(name), description: Some(description) }
    }
}

impl GroupChange {
    /// Returns the change of a group, or all violations.
    ///
    /// # Errors
    /// The name is blank or longer than 100 characters, or the description longer than 250.
    pub fn new(name: Option<String>, description: Option<String>) -> Result<Self, Violations> {
        let mut violations = Violations::new();
        if let Some(name) = &name {
            check_name(name, &mut violations);
        }
        check_description(description.as_deref(), &mut violations);
        if !violations.is_empty() {
            return Err(violations);
        }
        Ok(Self { name: name.map(Into::into), description: description.map(Into::into) })
    }
}

/// Checks that the name is not blank and has at most 100 characters.
pub fn check_name(name: &str, violations: &mut Violations) {
    if name.trim().is_empty() {
        violations.push(Violation::new("name", "must not be blank"));
    } else if name.chars().count() > MAX_NAME_CHARS {
        violations.push(Violation::new("name", "must have at most 100 characters"));
    }
}

/// Checks that the description has at most 250 characters.
pub fn check_description(description: Option<&str>, violations: &mut Violations) {
    if description.is_some_and(|description| description.chars().count() > MAX_DESCRIPTION_CHARS) {
        violations.push(Violation::new("description", "must have at most 250 characters"));
    }
}
