//! The JSON bodies of assignments.

use serde::{Deserialize, Serialize};

use super::super::page::Links;
use crate::domain::ibm::error;
use crate::domain::ibm::records::assignment::{
    self, AssignmentDraft, AssignmentStatus, Viewpoint, assignment_status,
};
use crate::domain::ibm::records::assignment_target::AssignmentTarget;
use crate::domain::ibm::records::audit::Timestamp;
use crate::domain::ibm::records::template_group::TemplateGroup;
use crate::domain::ibm::state::IbmState;
use crate::http::base_url::encode_component;
use crate::spec::ApiError;

/// An assignment; `resources` is present only in the verbose form.
#[derive(Serialize)]
pub(in super::super) struct TemplateAssignment<'a> {
    id: &'a str,
    account_id: &'a str,
    template_id: &'a str,
    template_version: &'a str,
    target_type: &'static str,
    target: &'a str,
    operation: &'static str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    resources: Option<Vec<Resource>>,
    href: String,
    created_at: Timestamp,
    created_by_id: &'a str,
    last_modified_at: Timestamp,
    last_modified_by_id: &'a str,
}

/// The resources that an assignment created in one account.
#[derive(Serialize)]
struct Resource {
    target: String,
    group: ResourceGroup,
    /// Always empty, because this server does not emulate policy templates.
    policy_template_references: [(); 0],
}

#[derive(Serialize)]
struct ResourceGroup {
    group: Entry,
    members: Vec<Entry>,
    rules: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    version: String,
    resource: String,
    error: String,
    operation: &'static str,
    status: &'static str,
}

/// One page of assignments.
#[derive(Serialize)]
pub(in super::super) struct ListTemplateAssignments<'a> {
    pub(in super::super) limit: usize,
    pub(in super::super) offset: usize,
    pub(in super::super) total_count: usize,
    #[serde(flatten)]
    pub(in super::super) links: Links,
    pub(in super::super) assignments: Vec<TemplateAssignment<'a>>,
}

impl<'a> TemplateAssignment<'a> {
    /// Returns an assignment without its resources; `assignments_url` is the URL of the assignment list.
    pub(in super::super) fn new(
        assignment: &'a assignment::Assignment,
        viewpoint: Viewpoint,
        assignments_url: &str,
    ) -> Self {
        Self {
            id: &assignment.id,
            account_id: &assignment.account,
            template_id: &assignment.template,
            template_version: &assignment.version,
            target_type: assignment.target_type.name(),
            target: &assignment.target,
            operation: assignment.operation.name(),
            status: assignment_status(assignment, viewpoint).name(),
            resources: None,
            href: format!("{assignments_url}/{}", encode_component(&assignment.id)),
            created_at: assignment.created.at,
            created_by_id: &assignment.created.by,
            last_modified_at: assignment.modified_at(viewpoint),
            last_modified_by_id: &assignment.modified.by,
        }
    }

    /// Returns an assignment with the resources that it created, one entry for each account.
    pub(in super::super) fn detailed(
        assignment: &'a assignment::Assignment,
        (state, viewpoint): (&'a IbmState, Viewpoint),
        assignments_url: &str,
    ) -> Self {
        let mut body = Self::new(assignment, viewpoint, assignments_url);
        let (group, status) =
            (state.assigned_template_group(assignment), assignment_status(assignment, viewpoint));
        let targets = state.targets(&assignment.id);
        let mut resources: Vec<Resource> =
            targets.iter().map(|target| body.target_resource(target, group, status)).collect();
        if resources.is_empty() {
            resources.push(body.resource_without_group(group));
        }
        body.resources = Some(resources);
        body
    }

    /// Returns the resources in an account; without members and rules if the version is not in it.
    ///
    /// While the operation is in progress, all of them are.
    fn target_resource(
        &self,
        target: &AssignmentTarget,
        group: &TemplateGroup,
        status: AssignmentStatus,
    ) -> Resource {
        let has_ended = status != AssignmentStatus::Accepted && status != AssignmentStatus::InProgress;
        let result = if has_ended { target.status() } else { status };
        let mut resource =
            Resource { target: target.account.to_string(), ..self.resource_without_group(group) };
        resource.group.group.status = result.name();
        let Some(applied) = &target.applied else {
            resource.group.group.error =
                target.error.as_deref().filter(|_| has_ended).unwrap_or_default().into();
            return resource;
        };
        resource.group.group =
            Entry { status: result.name(), ..self.entry(&applied.group.group_id, group.content.name()) };
        if let Some(error) = &target.error {
            resource.group.group.error = if has_ended { error.to_string() } else { String::new() };
            return resource;
        }
        let in_account = |entry: Entry| Entry { status: result.name(), ..entry };
        let members = group.members.iter();
        let members = members.map(|member| Entry { name: None, ..self.entry(&member.iam_id, "") });
        resource.group.members = members.map(in_account).collect();
        let rules = applied.group.rule_ids.iter().zip(&group.rules);
        let rules = rules.map(|(id, rule)| self.entry(id, &rule.content.name));
        resource.group.rules = rules.map(in_account).collect();
        resource
    }

    /// Returns the entry of a target without a group, such as an account group whose accounts this server does not know.
    fn resource_without_group(&self, group: &TemplateGroup) -> Resource {
        let group = Entry { resource: String::new(), ..self.entry(self.template_id, group.content.name()) };
        let group = ResourceGroup { group, members: Vec::new(), rules: Vec::new() };
        Resource { target: self.target.to_owned(), group, policy_template_references: [] }
    }

    fn entry(&self, id: &str, name: &str) -> Entry {
        Entry {
            id: id.to_owned(),
            name: Some(name.to_owned()),
            version: self.template_version.to_owned(),
            resource: id.to_owned(),
            error: String::new(),
            operation: self.operation,
            status: self.status,
        }
    }
}

/// The request body that creates an assignment.
#[derive(Debug, Deserialize)]
pub(in super::super) struct AssignmentRequest {
    template_id: Option<String>,
    template_version: Option<String>,
    target_type: Option<String>,
    target: Option<String>,
}

impl AssignmentRequest {
    /// Returns the draft of the assignment.
    ///
    /// # Errors
    /// [`error::INVALID_PAYLOAD`].
    pub(in super::super) fn into_draft(self) -> Result<AssignmentDraft, ApiError> {
        let fields = [self.template_id, self.template_version, self.target_type, self.target];
        AssignmentDraft::new(fields).map_err(|violations| error::INVALID_PAYLOAD.with_violations(violations))
    }
}

/// The request body that changes the template version of an assignment.
#[derive(Debug, Deserialize)]
pub(in super::super) struct AssignmentUpdateRequest {
    template_version: Option<String>,
}

impl AssignmentUpdateRequest {
    /// Returns the version number as a string.
    ///
    /// # Errors
    /// [`error::INVALID_PAYLOAD`].
    pub(in super::super) fn into_version(self) -> Result<String, ApiError> {
        let version = self.template_version.filter(|version| !version.is_empty());
        version
            .ok_or_else(|| error::INVALID_PAYLOAD.with_violation("template_version", "is missing or empty"))
    }
}
