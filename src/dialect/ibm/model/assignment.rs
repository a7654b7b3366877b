//! Assignments of versions of templates to accounts and account groups.
//!
//! Invariant: an assignment points to a committed version that is there.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::super::error::template as error;
use super::managed::{Effect, EffectIds};
use super::saved::{Mark, Taken};
use super::template::TemplateVersion;
use super::{Caller, Interned, Stamp, State, entity_tag};
use crate::failure::{Refusal, Violation};
use crate::store::{Key, Record, Tx, View};

/// An assignment.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// `AccessGroupAssignmentId-` and a UUID.
    pub id: Box<str>,
    /// The account of the template.
    pub account: Interned,
    /// The id of the template.
    pub template: Arc<str>,
    /// The number of the version as text.
    pub version: Box<str>,
    /// What the target is.
    pub target_type: TargetType,
    /// The id of the account or of the account group.
    pub target: Box<str>,
    /// What was done last.
    pub operation: Operation,
    /// What it brought about, where the target is an account.
    pub effect: Option<Effect>,
    /// Its creation.
    pub created: Stamp,
    /// Its last update.
    pub modified: Stamp,
    /// The revision of the last update.
    pub revision: u64,
    /// How often it was set.
    pub changes: u32,
    /// When its last operation began; `None` for one that was done before the server started.
    pub began: Option<DateTime<Utc>>,
}

/// What a template is assigned to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetType {
    /// An account.
    Account,
    /// A group of accounts; which ones are in it is not known here.
    AccountGroup,
}

/// What was done last to an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// It was created.
    Assign,
    /// It was given a version.
    Update,
}

/// How far the last operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It will be done.
    Accepted,
    /// It is being done.
    InProgress,
    /// It is done.
    Succeeded,
    /// It cannot be done.
    Failed,
}

/// When an assignment is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// In the answer to the request that began its last operation.
    AtOnce,
    /// By a later request.
    Later {
        /// The time of that request.
        now: DateTime<Utc>,
        /// How long an operation takes.
        takes: Duration,
    },
}

/// What is to be assigned, and to what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentDraft {
    /// The id of the template.
    pub template: String,
    /// The number of the version as text.
    pub version: String,
    /// What the target is.
    pub target_type: TargetType,
    /// The id of the account or of the account group.
    pub target: String,
}

/// A whole assignment, as the seed gives it.
#[derive(Debug, Clone)]
pub struct NewAssignment {
    /// Its id.
    pub id: Box<str>,
    /// What is assigned, and to what.
    pub draft: AssignmentDraft,
    /// What was done last.
    pub operation: Operation,
    /// What it brings about, or what it brought about.
    pub outcome: Outcome,
    /// Its creation and its last update.
    pub stamps: [Stamp; 2],
    /// Its place, its revision and how often it was set.
    pub mark: Mark,
    /// When its last operation began; `None` for one that is done.
    pub began: Option<DateTime<Utc>>,
}

/// What a whole assignment brings about, where its target is an account.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// A new group, which gets these ids.
    New(EffectIds),
    /// A group that is there.
    Present(Effect),
}

impl Record for Assignment {
    const VIEWS: &'static [View<Self>] = &[
        View { partition: |it| (&it.account, ""), orders: &[] },
        View { partition: |it| (&it.template, ""), orders: &[] },
        View { partition: |it| (&it.template, &it.version), orders: &[] },
        View { partition: |it| (it.effect.as_ref().map_or("", |effect| &effect.group), ""), orders: &[] },
    ];

    fn key(&self) -> Key<'_> {
        ("", &self.id)
    }
}

impl Assignment {
    /// The view of the assignments of one account's templates.
    pub const OF_ACCOUNT: usize = 0;

    /// The view of the assignments of one template.
    pub(super) const OF_TEMPLATE: usize = 1;

    /// The view of the assignments of one version.
    const OF_VERSION: usize = 2;

    /// The view of the one assignment that manages a group.
    pub(super) const OF_GROUP: usize = 3;

    /// Returns the entity tag; it does not change while the status does.
    pub fn entity_tag(&self) -> String {
        entity_tag(&self.id, self.changes, self.revision)
    }

    fn is_in_progress(&self, now: DateTime<Utc>, takes: Duration) -> bool {
        let Some(began) = self.began else { return false };
        // A time that the calendar has no room for never ends.
        !takes.is_zero() && TimeDelta::from_std(takes).map_or(true, |takes| now - began < takes)
    }
}

/// Returns how far the last operation of an assignment is. Nothing else decides this.
///
/// No source says that an operation in progress keeps others out, so that an assignment can be updated and removed at
/// any time; the account has its group from the beginning.
pub fn status_of(assignment: &Assignment, seen: Seen) -> Status {
    match seen {
        Seen::AtOnce => Status::Accepted,
        Seen::Later { now, takes } if assignment.is_in_progress(now, takes) => Status::InProgress,
        Seen::Later { .. } => Status::Succeeded,
    }
}

impl TargetType {
    const NAMES: [(&'static str, Self); 2] =
        [("Account", Self::Account), ("AccountGroup", Self::AccountGroup)];

    /// Returns the type with `name`.
    fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(other, _)| *other == name).map(|(_, kind)| *kind)
    }

    /// Returns the name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "Account",
            Self::AccountGroup => "AccountGroup",
        }
    }
}

impl Operation {
    /// Returns the operation with `name`.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Assign, Self::Update].into_iter().find(|operation| operation.name() == name)
    }

    /// Returns the name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Update => "update",
        }
    }
}

impl Status {
    /// Returns the status with `name`.
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Accepted, Self::InProgress, Self::Succeeded, Self::Failed];
        all.into_iter().find(|status| status.name() == name)
    }

    /// Returns the name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::InProgress => "in_progress",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}

impl AssignmentDraft {
    /// Returns what is to be assigned, or all that is wrong with it: template, version, type of target, target.
    ///
    /// # Errors
    /// One of them is missing or empty, or the type of target is unknown.
    pub fn new(given: [Option<String>; 4]) -> Result<Self, Vec<Violation>> {
        let [template, version, target_type, target] = given;
        let mut violations = Vec::new();
        let mut text = |given: Option<String>, name: &str| {
            let given = given.unwrap_or_default();
            if given.is_empty() {
                violations.push(Violation::new(name, "is missing or empty"));
            }
            given
        };
        let template = text(template, "template_id");
        let version = text(version, "template_version");
        let target = text(target, "target");
        let target_type = target_type.as_deref().and_then(TargetType::named);
        if target_type.is_none() {
            violations.push(Violation::new("target_type", "must be one of Account, AccountGroup"));
        }
        match target_type {
            Some(target_type) if violations.is_empty() => Ok(Self { template, version, target_type, target }),
            Some(_) | None => Err(violations),
        }
    }
}

impl State {
    /// Returns the assignment with `id`.
    ///
    /// # Errors
    /// [`error::ASSIGNMENT_NOT_FOUND`], and `forbidden` for an account that the caller may not use.
    pub fn assignment(&self, id: &str, caller: &Caller) -> Result<&Assignment, Refusal> {
        let assignment = self.assignments.get(("", id));
        let assignment = assignment.ok_or_else(|| error::ASSIGNMENT_NOT_FOUND.about(id))?;
        caller.check_account(&assignment.account)?;
        Ok(assignment)
    }

    /// Assigns a committed version; where the target is an account, the group of the version appears in it.
    ///
    /// # Errors
    /// [`error::NOT_COMMITTED`] and [`error::ROOT_TARGET`], and as [`State::template_version`].
    pub fn create_assignment(
        &mut self,
        draft: AssignmentDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Assignment, Refusal> {
        let id = format!("AccessGroupAssignmentId-{}", tx.ids.uuid()).into();
        let stamp = self.stamp(caller, tx);
        let stamps = [stamp.clone(), stamp];
        let (outcome, mark) = (Outcome::New(EffectIds::default()), Mark::default());
        let (operation, began) = (Operation::Assign, Some(tx.now));
        let new = NewAssignment { id, draft, operation, outcome, stamps, mark, began };
        let id = new.id.clone();
        self.put_assignment(new, caller, tx)?.expect("new UUIDs are not taken");
        self.assignment(&id, caller)
    }

    /// Adds a whole assignment, as the seed does; it gives `Taken` when its id or that of its group is taken, or
    /// its place in the creation order.
    ///
    /// # Errors
    /// As [`State::create_assignment`].
    pub fn put_assignment(
        &mut self,
        new: NewAssignment,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<Result<(), Taken>, Refusal> {
        let NewAssignment { id, draft, operation, outcome, stamps: [created, modified], mark, began } = new;
        let found = self.template_version(&draft.template, &draft.version, caller)?;
        check_assignable(found)?;
        check_target(&draft, found)?;
        if self.assignments.contains(("", &id)) {
            return Ok(Err(Taken::Key));
        }
        let (account, template) = (found.template.account.clone(), Arc::clone(&found.template.id));
        let group = Arc::clone(&found.version.content.group);
        let effect = match (draft.target_type, outcome) {
            (TargetType::AccountGroup, _) => None,
            (TargetType::Account, Outcome::Present(effect)) => Some(effect),
            (TargetType::Account, Outcome::New(ids)) => {
                let Some(effect) = self.manage((&draft.target, ids), &group, &modified, tx) else {
                    return Ok(Err(Taken::Key));
                };
                Some(effect)
            }
        };
        let assignment = Assignment {
            id,
            account,
            template,
            version: draft.version.into(),
            target_type: draft.target_type,
            target: draft.target.into(),
            operation,
            effect,
            created,
            modified,
            revision: mark.revision(tx),
            changes: mark.changes(),
            began,
        };
        Ok(self.put_back(assignment, mark.sequence))
    }

    /// Returns whether an assignment manages the group with `id`.
    pub fn is_managed(&self, id: &str) -> bool {
        !self.assignments.list(Assignment::OF_GROUP, (id, "")).is_empty()
    }

    /// Gives an assignment another version, or the same one again; the group in the account follows.
    ///
    /// # Errors
    /// [`error::NOT_COMMITTED`], and as [`State::assignment`] and [`State::template_version`].
    pub fn update_assignment(
        &mut self,
        id: &str,
        number: &str,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Assignment, Refusal> {
        let assignment = self.assignment(id, caller)?;
        let next = self.template_version(&assignment.template, number, caller)?;
        check_assignable(next)?;
        let next = Arc::clone(&next.version.content.group);
        let former = self.template_version(&assignment.template, &assignment.version, caller)?;
        let former = Arc::clone(&former.version.content.group);
        let effect = assignment.effect.clone();
        let modified = self.stamp(caller, tx);
        let effect = effect.map(|effect| self.manage_anew(effect, [&former, &next], &modified, tx));
        let revision = tx.next_revision();
        let updated = self.assignments.update(("", id), |assignment| {
            assignment.version = number.into();
            assignment.operation = Operation::Update;
            assignment.effect = effect;
            assignment.modified = modified;
            assignment.revision = revision;
            assignment.changes += 1;
            assignment.began = Some(tx.now);
        });
        Ok(updated.expect("the assignment was found above"))
    }

    /// Removes an assignment and what it brought about.
    ///
    /// # Errors
    /// As [`State::assignment`].
    pub fn delete_assignment(&mut self, id: &str, caller: &Caller) -> Result<(), Refusal> {
        self.assignment(id, caller)?;
        self.drop_assignment(id);
        Ok(())
    }

    /// Removes all assignments of the template with `id`.
    pub(super) fn delete_assignments_of(&mut self, id: &str) {
        let assignments = self.assignments.list(Assignment::OF_TEMPLATE, (id, "")).iter();
        let ids: Vec<Box<str>> = assignments.map(|assignment| assignment.id.clone()).collect();
        for id in ids {
            self.drop_assignment(&id);
        }
    }

    /// Returns whether a version of the template with `id` is assigned.
    pub(super) fn is_assigned(&self, id: &str, number: &str) -> bool {
        !self.assignments.list(Assignment::OF_VERSION, (id, number)).is_empty()
    }

    fn drop_assignment(&mut self, id: &str) {
        let dropped = self.assignments.delete(("", id));
        if let Some(effect) = dropped.and_then(|assignment| assignment.effect) {
            self.delete_group(&effect.group);
        }
    }
}

fn check_assignable(found: TemplateVersion<'_>) -> Result<(), Refusal> {
    if found.version.is_committed {
        return Ok(());
    }
    Err(error::NOT_COMMITTED.about(&*found.version.number))
}

fn check_target(draft: &AssignmentDraft, found: TemplateVersion<'_>) -> Result<(), Refusal> {
    let is_own = draft.target_type == TargetType::Account && *draft.target == *found.template.account;
    if is_own { Err(error::ROOT_TARGET.about(&*draft.target)) } else { Ok(()) }
}
