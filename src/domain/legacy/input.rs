//! Parses the group of a request body or a seed file like Json.NET: field names are case-insensitive, similar types are
//! converted, and all violations are reported.
//!
//! Does not import HTTP types.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime};
use serde_json_borrow::{ObjectAsVec, Value};

use super::error;
use super::model::{Content, ContentUpdate, Customer, InviteType};
use crate::spec::{ApiError, FieldPath, Segment, Violation, Violations};

/// Returns the error for a body without `entry`.
pub fn missing_entry() -> ApiError {
    error::INVALID.with_violation("entry", "An error has occurred.")
}

/// Parses a group in the JSON shape of the API into an update.
///
/// # Errors
/// [`error::INVALID`] with all violations.
pub fn parse_update(root: &Value<'_>) -> Result<ContentUpdate, ApiError> {
    let entry = root.as_object().and_then(|root| field(root, "entry")).filter(|entry| !entry.is_null());
    let entry = entry.ok_or_else(missing_entry)?;
    let Value::Object(entry) = entry else {
        return Err(
            error::INVALID.with_violation("entry", "The value cannot be converted to type 'CustomerGroups'.")
        );
    };
    let mut reader = FieldReader { object: entry, path: FieldPath::default(), violations: Violations::new() };
    reader.path.push(Segment::Field("entry"));
    let update = UpdateFields::parse(&mut reader);
    if reader.violations.is_empty() {
        return Ok(Box::new(move |content| update.apply(content)));
    }
    Err(error::INVALID.with_violations(reader.violations))
}

/// The fields of a request. The outer `None` stands for an absent field, the inner one for `null`.
struct UpdateFields {
    name: Option<Option<String>>,
    integers: [Option<Option<i32>>; 5],
    auto_update: Option<Option<bool>>,
    send_mail: Option<Option<bool>>,
    sso_admin_group_id: Option<Option<String>>,
    sso_member_group_id: Option<Option<String>>,
    customers: Option<Option<Vec<Customer>>>,
    project_count: Option<Option<i32>>,
    domains: Option<Option<Vec<String>>>,
    invite_type: Option<Option<InviteType>>,
}

impl UpdateFields {
    fn parse(reader: &mut FieldReader<'_>) -> Self {
        const INTEGERS: [&str; 5] =
            ["valid", "company_id", "license_id", "theme_settings_id", "sso_platform_id"];
        Self {
            name: reader.read("name", string),
            integers: INTEGERS.map(|name| reader.read(name, integer)),
            auto_update: reader.read("auto_update", boolean),
            send_mail: reader.read("send_mail", boolean),
            sso_admin_group_id: reader.read("sso_admin_group_id", string),
            sso_member_group_id: reader.read("sso_member_group_id", string),
            customers: reader.read_list("customers", customer),
            project_count: reader.read("project_count", integer),
            domains: reader.read_list("domains", |reader, value| {
                let domain = reader.convert(value, string)?;
                Some(domain.split_whitespace().collect())
            }),
            invite_type: reader.read("invite_type", invite_type),
        }
    }

    fn apply(self, content: &mut Content) {
        let [valid, company_id, license_id, theme_settings_id, sso_platform_id] = self.integers;
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

fn customer(reader: &mut FieldReader<'_>, value: &Value<'_>) -> Option<Customer> {
    let Value::Object(object) = value else {
        reader.add_violation("The value cannot be converted to type 'CustomerGroupUsers'.");
        return None;
    };
    let mut inner =
        FieldReader { object, path: std::mem::take(&mut reader.path), violations: Violations::new() };
    let customer = Customer {
        id: inner.read("id", integer).flatten().unwrap_or(0),
        organisation: inner.read("organisation", string).flatten(),
        email: inner.read("email", string).flatten(),
        expire_at: inner.read("expire_at", time).flatten(),
        group_id: inner.read("group_id", integer).flatten(),
        valid: inner.read("valid", boolean).flatten(),
        created_at: inner.read("created_at", time).flatten(),
        confirmed: inner.read("confirmed", boolean).flatten(),
        disabled: inner.read("disabled", boolean).flatten(),
        invited: inner.read("invited", boolean).flatten(),
        custom_data_1: inner.read("custom_data_1", string).flatten(),
        authentication: inner.read("authentication", byte).flatten().unwrap_or(0),
        allowed_concurrent_users: inner.read("allowed_concurrent_users", integer).flatten(),
        monthly_cost: inner.read("monthly_cost", integer).flatten(),
        account_type: inner.read("account_type", byte).flatten().unwrap_or(0),
    };
    let is_valid = inner.violations.is_empty();
    reader.violations.append(inner.violations);
    reader.path = inner.path;
    is_valid.then_some(customer)
}

/// Parses the fields of an object and collects all violations.
struct FieldReader<'a> {
    object: &'a ObjectAsVec<'a>,
    path: FieldPath,
    violations: Violations,
}

impl FieldReader<'_> {
    /// Returns `None` for an absent or invalid field, and `Some(None)` for `null`.
    fn read<T>(
        &mut self,
        name: &'static str,
        convert: fn(&Value<'_>) -> Result<T, &'static str>,
    ) -> Option<Option<T>> {
        let value = field(self.object, name)?;
        if value.is_null() {
            return Some(None);
        }
        self.path.push(Segment::Field(name));
        let converted = self.convert(value, convert);
        self.path.pop();
        converted.map(Some)
    }

    fn read_list<T>(
        &mut self,
        name: &'static str,
        item: fn(&mut Self, &Value<'_>) -> Option<T>,
    ) -> Option<Option<Vec<T>>> {
        let value = field(self.object, name)?;
        if value.is_null() {
            return Some(None);
        }
        self.path.push(Segment::Field(name));
        let Value::Array(values) = value else {
            self.add_violation("The value cannot be converted to a list.");
            self.path.pop();
            return None;
        };
        let mut items = Vec::with_capacity(values.len());
        for (index, value) in values.iter().enumerate() {
            self.path.push(Segment::Index(index));
            items.extend(item(self, value));
            self.path.pop();
        }
        self.path.pop();
        Some(Some(items))
    }

    fn convert<T>(
        &mut self,
        value: &Value<'_>,
        convert: fn(&Value<'_>) -> Result<T, &'static str>,
    ) -> Option<T> {
        match convert(value) {
            Ok(converted) => Some(converted),
            Err(kind) => {
                self.violations.push_with(|| {
                    let value = shortened(&serde_json::Value::from(value).to_string());
                    let reason = format!("The value {value} cannot be converted to type '{kind}'.");
                    Violation::new(self.path.to_string(), reason)
                });
                None
            }
        }
    }

    fn add_violation(&mut self, reason: &str) {
        self.violations.push_with(|| Violation::new(self.path.to_string(), reason));
    }
}

/// Returns the start of a value in a message.
fn shortened(value: &str) -> String {
    const MAX_CHARS: usize = 1000;
    match value.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

/// Returns the field `name` of an object like Json.NET: names are case-insensitive, but an exact match takes
/// precedence.
///
/// If the exact name occurs more than once, its last value counts; otherwise the last value of the first similar name.
fn field<'a>(object: &'a ObjectAsVec<'_>, name: &str) -> Option<&'a Value<'a>> {
    let (mut exact, mut similar) = (None, None);
    for (other, value) in object.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name)) {
        if other == name {
            exact = Some(value);
        } else if similar.is_none_or(|(first, _)| first == other) {
            similar = Some((other, value));
        }
    }
    exact.or_else(|| similar.map(|(_, value)| value))
}

fn string(value: &Value<'_>) -> Result<String, &'static str> {
    match value {
        Value::Str(text) => Ok(text.clone().into_owned()),
        Value::Number(number) => Ok(serde_json::Number::from(*number).to_string()),
        Value::Bool(value) => Ok(if *value { "True" } else { "False" }.to_owned()),
        Value::Null | Value::Array(_) | Value::Object(_) => Err("System.String"),
    }
}

fn integer(value: &Value<'_>) -> Result<i32, &'static str> {
    let wide = match value {
        Value::Number(number) => number.as_i64(),
        Value::Str(text) => text.trim().parse().ok(),
        Value::Bool(value) => Some(i64::from(*value)),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    wide.and_then(|number| i32::try_from(number).ok()).ok_or("System.Int32")
}

fn byte(value: &Value<'_>) -> Result<u8, &'static str> {
    integer(value).ok().and_then(|number| u8::try_from(number).ok()).ok_or("System.Byte")
}

fn boolean(value: &Value<'_>) -> Result<bool, &'static str> {
    match value {
        Value::Bool(value) => Ok(*value),
        Value::Number(number) => number.as_i64().map(|number| number != 0).ok_or("System.Boolean"),
        Value::Str(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Value::Str(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        Value::Str(_) | Value::Null | Value::Array(_) | Value::Object(_) => Err("System.Boolean"),
    }
}

fn invite_type(value: &Value<'_>) -> Result<InviteType, &'static str> {
    match value {
        Value::Str(name) if name.eq_ignore_ascii_case("InviteOnly") => Ok(InviteType::InviteOnly),
        Value::Number(number) if number.as_i64() == Some(0) => Ok(InviteType::InviteOnly),
        _ => Err("InviteType"),
    }
}

/// Parses an ISO 8601 time; without an offset it is in UTC.
fn time(value: &Value<'_>) -> Result<DateTime<FixedOffset>, &'static str> {
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

/// Parses `created_at` of a seeded group.
pub fn seeded_time(value: &Value<'_>) -> Option<DateTime<FixedOffset>> {
    time(value).ok()
}
