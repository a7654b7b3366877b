//! The JSON shapes of the legacy dialect, written and read as Json.NET does.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, SecondsFormat};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::error;
use super::model::{self, Change, Content, Customer, InviteType};
use crate::app::App;
use crate::failure::{Failure, Refusal, Violation};
use crate::http::{Path, Query, body};

/// The root of an answer with one group.
#[derive(Serialize)]
pub(super) struct Envelope<'a> {
    pub(super) entry: AccessGroup<'a>,
}

/// The root of an answer with several groups.
#[derive(Serialize)]
pub(super) struct Entries<'a> {
    pub(super) entries: Vec<AccessGroup<'a>>,
}

/// A group with its members in the order of the help page's sample.
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
    pub(super) fn of(group: &'a model::AccessGroup) -> Self {
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
            customers: content.customers.as_ref().map(|all| all.iter().map(WireCustomer::of).collect()),
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
    fn of(customer: &'a Customer) -> Self {
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

/// RFC 3339 with a numeric offset and at most seven fraction digits, trailing zeros trimmed.
#[expect(clippy::ref_option, reason = "`serialize_with` hands the field itself over")]
fn date<S: Serializer>(value: &Option<DateTime<FixedOffset>>, serializer: S) -> Result<S::Ok, S::Error> {
    let Some(time) = value else { return serializer.serialize_none() };
    let text = time.to_rfc3339_opts(SecondsFormat::Nanos, false);
    let (seconds, rest) = text.split_once('.').expect("nanoseconds follow a point");
    let (fraction, offset) = rest.split_at(9);
    let fraction = fraction[..7].trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    serializer.serialize_str(&[seconds, point, fraction, offset].concat())
}

/// The `id` of the path: a 32-bit integer.
pub(super) struct Id(pub(super) i32);

impl FromRequestParts<App> for Id {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let Path(text) = Path::<String>::from_request_parts(parts, app).await?;
        Ok(Self(text.parse().map_err(|_| not_an_integer("id"))?))
    }
}

/// Says that the parameter `name` is no 32-bit integer.
pub(super) fn not_an_integer(name: &str) -> Refusal {
    let text = format!(
        "The parameters dictionary contains a null entry for parameter '{name}' of non-nullable type 'System.Int32'."
    );
    error::INVALID.at("", text)
}

/// Reads `Page`, counted from 1.
pub(super) fn page_of(query: &Query) -> Result<Option<usize>, Refusal> {
    let Some(text) = query.get_ignoring_case("page").filter(|text| !text.is_empty()) else { return Ok(None) };
    match text.parse::<i32>().map(usize::try_from) {
        Ok(Ok(page)) if page > 0 => Ok(Some(page)),
        _ => Err(not_an_integer("page")),
    }
}

/// The `entry` of a body, as the change that it makes.
pub(super) struct Entry(pub(super) Change);

impl FromRequest<App> for Entry {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let media_type =
            request.headers().get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or("?").to_owned());
        let bytes = body::read(request, app.config().body_limit).await?;
        if bytes.is_empty() {
            return Err(missing_entry().into());
        }
        check_media_type(media_type)?;
        let root: Value = body::parse(&bytes)?;
        Ok(Self(change_of(&root)?))
    }
}

fn check_media_type(media_type: Option<String>) -> Result<(), Failure> {
    let essence = media_type.as_deref().map(|text| text.split(';').next().unwrap_or_default().trim());
    match essence {
        Some(text)
            if ["application/json", "text/json"].iter().any(|known| text.eq_ignore_ascii_case(known)) =>
        {
            Ok(())
        }
        _ => Err(Failure::MediaType(media_type)),
    }
}

fn missing_entry() -> Refusal {
    error::INVALID.at("entry", "An error has occurred.")
}

/// Reads a group in the shape of the API: the change that it makes to a group.
///
/// # Errors
/// [`error::INVALID`] with all violations.
pub(super) fn change_of(root: &Value) -> Result<Change, Refusal> {
    let entry = root.as_object().and_then(|root| member(root, "entry")).filter(|entry| !entry.is_null());
    let entry = entry.ok_or_else(missing_entry)?;
    let Value::Object(entry) = entry else {
        return Err(error::INVALID.at("entry", "The value cannot be converted to type 'CustomerGroups'."));
    };
    let mut reader = Reader { object: entry, path: "entry".to_owned(), violations: Vec::new() };
    let update = Update::read(&mut reader);
    if reader.violations.is_empty() {
        return Ok(Box::new(move |content| update.apply(content)));
    }
    Err(error::INVALID.because(reader.violations))
}

/// The members of a request: the outer `None` is an absent member, the inner one a `null`.
struct Update {
    name: Option<Option<String>>,
    numbers: [Option<Option<i32>>; 5],
    auto_update: Option<Option<bool>>,
    send_mail: Option<Option<bool>>,
    sso_admin_group_id: Option<Option<String>>,
    sso_member_group_id: Option<Option<String>>,
    customers: Option<Option<Vec<Customer>>>,
    project_count: Option<Option<i32>>,
    domains: Option<Option<Vec<String>>>,
    invite_type: Option<Option<InviteType>>,
}

impl Update {
    fn read(reader: &mut Reader<'_>) -> Self {
        const NUMBERS: [&str; 5] =
            ["valid", "company_id", "license_id", "theme_settings_id", "sso_platform_id"];
        Self {
            name: reader.read("name", text),
            numbers: NUMBERS.map(|name| reader.read(name, integer)),
            auto_update: reader.read("auto_update", boolean),
            send_mail: reader.read("send_mail", boolean),
            sso_admin_group_id: reader.read("sso_admin_group_id", text),
            sso_member_group_id: reader.read("sso_member_group_id", text),
            customers: reader.read_list("customers", customer),
            project_count: reader.read("project_count", integer),
            domains: reader.read_list("domains", |reader, value| {
                let domain = reader.convert(value, text)?;
                Some(domain.split_whitespace().collect())
            }),
            invite_type: reader.read("invite_type", invite_type),
        }
    }

    fn apply(self, content: &mut Content) {
        let [valid, company_id, license_id, theme_settings_id, sso_platform_id] = self.numbers;
        set(&mut content.name, self.name);
        set(&mut content.valid, valid);
        set(&mut content.company_id, company_id);
        set(&mut content.license_id, license_id);
        set(&mut content.theme_settings_id, theme_settings_id);
        set(&mut content.auto_update, self.auto_update);
        set(&mut content.send_mail, self.send_mail);
        set(&mut content.sso_platform_id, sso_platform_id);
        set(&mut content.sso_admin_group_id, self.sso_admin_group_id);
        set(&mut content.sso_member_group_id, self.sso_member_group_id);
        set(&mut content.customers, self.customers);
        set(&mut content.domains, self.domains);
        content.project_count = self.project_count.flatten().unwrap_or(content.project_count);
        content.invite_type = self.invite_type.flatten().unwrap_or(content.invite_type);
    }
}

fn set<T>(field: &mut Option<T>, update: Option<Option<T>>) {
    if let Some(value) = update {
        *field = value;
    }
}

fn customer(reader: &mut Reader<'_>, value: &Value) -> Option<Customer> {
    let Value::Object(object) = value else {
        reader.refuse("The value cannot be converted to type 'CustomerGroupUsers'.");
        return None;
    };
    let mut inner = Reader { object, path: reader.path.clone(), violations: Vec::new() };
    let customer = Customer {
        id: inner.read("id", integer).flatten().unwrap_or(0),
        organisation: inner.read("organisation", text).flatten(),
        email: inner.read("email", text).flatten(),
        expire_at: inner.read("expire_at", time).flatten(),
        group_id: inner.read("group_id", integer).flatten(),
        valid: inner.read("valid", boolean).flatten(),
        created_at: inner.read("created_at", time).flatten(),
        confirmed: inner.read("confirmed", boolean).flatten(),
        disabled: inner.read("disabled", boolean).flatten(),
        invited: inner.read("invited", boolean).flatten(),
        custom_data_1: inner.read("custom_data_1", text).flatten(),
        authentication: inner.read("authentication", byte).flatten().unwrap_or(0),
        allowed_concurrent_users: inner.read("allowed_concurrent_users", integer).flatten(),
        monthly_cost: inner.read("monthly_cost", integer).flatten(),
        account_type: inner.read("account_type", byte).flatten().unwrap_or(0),
    };
    let sound = inner.violations.is_empty();
    reader.violations.append(&mut inner.violations);
    sound.then_some(customer)
}

/// Reads the members of an object and gathers what is wrong.
struct Reader<'a> {
    object: &'a Map<String, Value>,
    path: String,
    violations: Vec<Violation>,
}

impl Reader<'_> {
    /// Returns `None` for an absent member, `Some(None)` for `null`.
    fn read<T>(&mut self, name: &str, convert: fn(&Value) -> Result<T, &'static str>) -> Option<Option<T>> {
        let value = member(self.object, name)?;
        if value.is_null() {
            return Some(None);
        }
        let parent = self.path.len();
        self.path = format!("{}.{name}", self.path);
        let converted = self.convert(value, convert);
        self.path.truncate(parent);
        converted.map(Some)
    }

    fn read_list<T>(
        &mut self,
        name: &str,
        item: fn(&mut Self, &Value) -> Option<T>,
    ) -> Option<Option<Vec<T>>> {
        let value = member(self.object, name)?;
        if value.is_null() {
            return Some(None);
        }
        let parent = self.path.len();
        self.path = format!("{}.{name}", self.path);
        let Value::Array(values) = value else {
            self.refuse("The value cannot be converted to a list.");
            self.path.truncate(parent);
            return None;
        };
        let list_path = self.path.len();
        let mut items = Vec::with_capacity(values.len());
        for (index, value) in values.iter().enumerate() {
            self.path = format!("{}[{index}]", self.path);
            items.extend(item(self, value));
            self.path.truncate(list_path);
        }
        self.path.truncate(parent);
        Some(Some(items))
    }

    fn convert<T>(&mut self, value: &Value, convert: fn(&Value) -> Result<T, &'static str>) -> Option<T> {
        match convert(value) {
            Ok(converted) => Some(converted),
            Err(kind) => {
                self.refuse(&format!("The value {value} cannot be converted to type '{kind}'."));
                None
            }
        }
    }

    fn refuse(&mut self, reason: &str) {
        self.violations.push(Violation::new(self.path.clone(), reason));
    }
}

/// Json.NET finds members without regard to case; an exact match goes first.
fn member<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object
        .get(name)
        .or_else(|| object.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

fn text(value: &Value) -> Result<String, &'static str> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(value) => Ok(if *value { "True" } else { "False" }.to_owned()),
        Value::Null | Value::Array(_) | Value::Object(_) => Err("System.String"),
    }
}

fn integer(value: &Value) -> Result<i32, &'static str> {
    let wide = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Bool(value) => Some(i64::from(*value)),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    wide.and_then(|number| i32::try_from(number).ok()).ok_or("System.Int32")
}

fn byte(value: &Value) -> Result<u8, &'static str> {
    integer(value).ok().and_then(|number| u8::try_from(number).ok()).ok_or("System.Byte")
}

fn boolean(value: &Value) -> Result<bool, &'static str> {
    match value {
        Value::Bool(value) => Ok(*value),
        Value::Number(number) => number.as_i64().map(|number| number != 0).ok_or("System.Boolean"),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        Value::String(_) | Value::Null | Value::Array(_) | Value::Object(_) => Err("System.Boolean"),
    }
}

fn invite_type(value: &Value) -> Result<InviteType, &'static str> {
    match value {
        Value::String(name) if name.eq_ignore_ascii_case("InviteOnly") => Ok(InviteType::InviteOnly),
        Value::Number(number) if number.as_i64() == Some(0) => Ok(InviteType::InviteOnly),
        _ => Err("InviteType"),
    }
}

/// ISO 8601; a time without a zone is taken as UTC.
fn time(value: &Value) -> Result<DateTime<FixedOffset>, &'static str> {
    const KIND: &str = "System.DateTime";
    let text = value.as_str().ok_or(KIND)?;
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time);
    }
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f");
    let local = local.or_else(|_| {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").map(|date| date.and_time(chrono::NaiveTime::MIN))
    });
    local.map(|time| time.and_utc().fixed_offset()).map_err(|_| KIND)
}

/// Reads `created_at` of a seeded group.
pub(super) fn seeded_time(value: &Value) -> Option<DateTime<FixedOffset>> {
    time(value).ok()
}
