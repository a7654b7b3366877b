//! JSON request and response bodies of the legacy dialect, in the format of Json.NET.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use chrono::{DateTime, FixedOffset, SecondsFormat};
use futures_util::FutureExt;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::SUFFIX;
use crate::domain::legacy::error;
use crate::domain::legacy::input::{missing_entry, parse_update};
use crate::domain::legacy::model::{self, ContentUpdate, Customer, InviteType};
use crate::http::{Items, Path, Query, RequestContext, body, cached_json};
use crate::json::rfc3339;
use crate::spec::{ApiError, RequestError};

/// The root object of a response with one group.
#[derive(Serialize)]
pub(super) struct Envelope<T> {
    pub(super) entry: T,
}

/// The root object of a response with several groups.
#[derive(Serialize)]
pub(super) struct Entries {
    pub(super) entries: Items,
}

/// The text of an [`Envelope`] before and after its entry.
pub(super) const ENVELOPE: [&str; 2] = [r#"{"entry":"#, "}"];

/// A group, with the fields in the order of the sample on the help page.
#[derive(Serialize)]
pub(super) struct AccessGroup<'a> {
    #[serde(serialize_with = "date")]
    created_at: Option<DateTime<FixedOffset>>,
    name: Option<&'a str>,
    valid: Option<i32>,
    company_id: Option<i32>,
    license_id: Option<i32>,
    theme_settings_id: Option<i32>,
    auto_update: Option<bool>,
    send_mail: Option<bool>,
    sso_platform_id: Option<i32>,
    sso_admin_group_id: Option<&'a str>,
    sso_member_group_id: Option<&'a str>,
    id: i32,
    customers: Option<Vec<WireCustomer<'a>>>,
    user_count: usize,
    project_count: i32,
    domains: Option<&'a [String]>,
    invite_type: &'static str,
}

#[derive(Serialize)]
struct WireCustomer<'a> {
    id: i32,
    organisation: Option<&'a str>,
    email: Option<&'a str>,
    #[serde(serialize_with = "date")]
    expire_at: Option<DateTime<FixedOffset>>,
    group_id: Option<i32>,
    valid: Option<bool>,
    #[serde(serialize_with = "date")]
    created_at: Option<DateTime<FixedOffset>>,
    confirmed: Option<bool>,
    disabled: Option<bool>,
    invited: Option<bool>,
    custom_data_1: Option<&'a str>,
    authentication: u8,
    allowed_concurrent_users: Option<i32>,
    monthly_cost: Option<i32>,
    account_type: u8,
}

impl<'a> AccessGroup<'a> {
    /// Returns the JSON of a stored group, which is cached in the record.
    pub(super) fn cached(group: &'a model::AccessGroup) -> &'a RawValue {
        cached_json(&group.json, || Self::new(group))
    }

    pub(super) fn new(group: &'a model::AccessGroup) -> Self {
        let content = &group.content;
        Self {
            created_at: group.created_at,
            name: content.name.as_deref(),
            valid: content.valid,
            company_id: content.company_id,
            license_id: content.license_id,
            theme_settings_id: content.theme_settings_id,
            auto_update: content.auto_update,
            send_mail: content.send_mail,
            sso_platform_id: content.sso_platform_id,
            sso_admin_group_id: content.sso_admin_group_id.as_deref(),
            sso_member_group_id: content.sso_member_group_id.as_deref(),
            id: group.id,
            customers: content.customers.as_ref().map(|all| all.iter().map(WireCustomer::new).collect()),
            user_count: group.customer_count(),
            project_count: content.project_count,
            domains: content.domains.as_deref(),
            invite_type: match content.invite_type {
                InviteType::InviteOnly => "InviteOnly",
            },
        }
    }
}

impl<'a> WireCustomer<'a> {
    fn new(customer: &'a Customer) -> Self {
        Self {
            id: customer.id,
            organisation: customer.organisation.as_deref(),
            email: customer.email.as_deref(),
            expire_at: customer.expire_at,
            group_id: customer.group_id,
            valid: customer.valid,
            created_at: customer.created_at,
            confirmed: customer.confirmed,
            disabled: customer.disabled,
            invited: customer.invited,
            custom_data_1: customer.custom_data_1.as_deref(),
            authentication: customer.authentication,
            allowed_concurrent_users: customer.allowed_concurrent_users,
            monthly_cost: customer.monthly_cost,
            account_type: customer.account_type,
        }
    }
}

/// Writes an RFC 3339 time with a numeric offset and at most seven fraction digits, without trailing zeros.
#[expect(clippy::ref_option, reason = "`serialize_with` passes a reference to the field")]
fn date<S: Serializer>(value: &Option<DateTime<FixedOffset>>, serializer: S) -> Result<S::Ok, S::Error> {
    let Some(time) = value else { return serializer.serialize_none() };
    serializer.serialize_str(&rfc3339::format_with_ticks(time).unwrap_or_else(|| unusual_date(time)))
}

/// Returns the text of a time that [`rfc3339::format_with_ticks`] does not format.
fn unusual_date(time: &DateTime<FixedOffset>) -> String {
    let mut text = time.to_rfc3339_opts(SecondsFormat::Secs, false);
    let ticks = time.timestamp_subsec_nanos() % 1_000_000_000 / rfc3339::TICK;
    if ticks > 0 {
        let fraction = format!(".{ticks:07}");
        text.insert_str(text.len() - "+00:00".len(), fraction.trim_end_matches('0'));
    }
    text
}

/// The path parameter `id`: a 32-bit integer.
pub(super) struct Id(pub(super) i32);

impl FromRequestParts<RequestContext> for Id {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, context: &RequestContext) -> Result<Self, RequestError> {
        let Path(text) = Path::<String>::from_request_parts(parts, context).await?;
        let id = text.get(..text.len().saturating_sub(SUFFIX.len())).unwrap_or_default();
        Ok(Self(id.parse().map_err(|_| error::not_an_integer("id"))?))
    }
}

/// Parses the query parameter `Page`, which starts at 1.
pub(super) fn parse_page(query: &Query) -> Result<Option<usize>, ApiError> {
    let Some(text) = query.get_case_insensitive("page").filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    match text.parse::<i32>().map(usize::try_from) {
        Ok(Ok(page)) if page > 0 => Ok(Some(page)),
        _ => Err(error::not_an_integer("page")),
    }
}

/// The `entry` field of a request body, parsed into an update.
pub(super) struct Entry(pub(super) ContentUpdate);

impl FromRequest<RequestContext> for Entry {
    type Rejection = RequestError;

    fn from_request(
        request: Request,
        context: &RequestContext,
    ) -> impl Future<Output = Result<Self, RequestError>> + Send {
        let media_type =
            request.headers().get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or("?").to_owned());
        body::read_body(context, request).map(|bytes| {
            let bytes = bytes?;
            if bytes.is_empty() {
                return Err(missing_entry().into());
            }
            check_media_type(media_type)?;
            Ok(Self(parse_update(&body::parse(&bytes)?)?))
        })
    }
}

fn check_media_type(media_type: Option<String>) -> Result<(), RequestError> {
    let essence = media_type.as_deref().map(|text| text.split(';').next().unwrap_or_default().trim());
    match essence {
        Some(text)
            if ["application/json", "text/json"]
                .iter()
                .any(|supported| text.eq_ignore_ascii_case(supported)) =>
        {
            Ok(())
        }
        _ => Err(RequestError::UnsupportedMediaType(media_type)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_the_envelope_is_that_of_the_serializer() {
        let envelope = Envelope { entry: 1 };

        assert_eq!(serde_json::to_string(&envelope).unwrap(), ENVELOPE.join("1"));
    }
}
