//! `Fault`: a request pattern, an effect and a schedule, parsed from JSON or from the header `X-Mock-Fault`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::effect::{Effect, ErrorEffect};
use super::schedule::Schedule;
use crate::control::human_duration::HumanDuration;
use crate::control::matching::pattern::Pattern;
use crate::control::matching::string_matcher::check_regexes;
use crate::json::strict_json::{self, PathError};
use crate::spec::Violation;

/// The maximum length of the id of a fault in bytes.
pub const MAX_ID_BYTES: usize = 128;

/// The maximum length of the value of `X-Mock-Fault` in bytes.
pub const MAX_HEADER_BYTES: usize = 4096;

/// A fault that is injected into matching requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// The id, generated when absent; adding a fault replaces an existing fault with the same id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The pattern of the requests; every request matches an empty pattern.
    #[serde(default, rename = "match", skip_serializing_if = "is_every_request")]
    pub pattern: Pattern,
    /// The effect on a request.
    #[serde(deserialize_with = "strict_json::tagged")]
    pub effect: Effect,
    /// The selection of matching requests; all of them when empty.
    #[serde(default, skip_serializing_if = "is_always")]
    pub schedule: Schedule,
}

/// A predefined set of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Returns 503 for 10 % of the requests, resets the connection for 5 % and delays 20 % by 50 to 250 ms.
    Flaky,
    /// Returns 503 for every request.
    Outage,
    /// Delays every request by 1 to 3 s.
    Slow,
}

/// A preset and the pattern of its requests.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PresetWithPattern {
    preset: Preset,
    #[serde(default, rename = "match")]
    pattern: Pattern,
}

fn is_every_request(pattern: &Pattern) -> bool {
    *pattern == Pattern::default()
}

fn is_always(schedule: &Schedule) -> bool {
    *schedule == Schedule::default()
}

impl Fault {
    /// Returns a fault with `effect` on every request.
    ///
    /// ```
    /// use access_groups_mock::{Effect, Fault};
    ///
    /// let fault = Fault::new(Effect::Disconnect {});
    /// assert!(fault.validate().is_ok());
    /// ```
    pub fn new(effect: Effect) -> Self {
        Self { id: None, pattern: Pattern::default(), effect, schedule: Schedule::default() }
    }

    /// Returns a fault that rejects every request with `status`, 400 to 599.
    ///
    /// ```
    /// assert!(access_groups_mock::Fault::status(503).validate().is_ok());
    /// assert!(access_groups_mock::Fault::status(200).validate().is_err());
    /// ```
    pub fn status(status: u16) -> Self {
        Self::new(Effect::Status(ErrorEffect::new(status)))
    }

    /// Returns a fault that delays every request.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let fault = access_groups_mock::Fault::delay(Duration::from_millis(200));
    /// assert!(fault.validate().is_ok());
    /// ```
    pub fn delay(delay: std::time::Duration) -> Self {
        Self::new(Effect::Delay { min: delay.into(), max: None })
    }

    /// Restricts the fault to the requests that match `pattern`.
    ///
    /// ```
    /// use access_groups_mock::{Fault, Pattern};
    ///
    /// let fault = Fault::status(503).on(Pattern::request("GET", "/v1/groups"));
    /// assert_eq!(fault.pattern.method.as_deref(), Some("GET"));
    /// ```
    #[must_use]
    pub fn on(mut self, pattern: Pattern) -> Self {
        self.pattern = pattern;
        self
    }

    /// Restricts the fault to the requests that `schedule` selects.
    ///
    /// ```
    /// use access_groups_mock::{Fault, Schedule};
    ///
    /// let fault = Fault::status(503).when(Schedule { after: Some(2), ..Schedule::default() });
    /// assert_eq!(fault.schedule.after, Some(2));
    /// ```
    #[must_use]
    pub fn when(mut self, schedule: Schedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// Restricts the fault to the first `times` matching requests.
    ///
    /// ```
    /// assert_eq!(access_groups_mock::Fault::status(503).times(2).schedule.times, Some(2));
    /// ```
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        self.when(Schedule::times(times))
    }

    /// Parses the JSON that `/__admin/faults` and `--faults` accept: a fault, a preset, or a list of both.
    ///
    /// # Errors
    /// The path and reason of the first error.
    ///
    /// ```
    /// let faults = access_groups_mock::Fault::parse(br#"[{"preset":"outage"}]"#)?;
    /// assert_eq!(faults.len(), 1);
    /// # Ok::<(), access_groups_mock::Violation>(())
    /// ```
    pub fn parse(json: &[u8]) -> Result<Vec<Self>, Violation> {
        let value: Value = serde_json::from_slice(json)
            .map_err(|error| Violation::new("", format!("must be JSON: {error}")))?;
        check_regexes(&value).map_err(|reason| Violation::new("", reason))?;
        let mut faults = Vec::new();
        match value {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let parsed = Self::parse_item(item).map_err(|mut violation| {
                        let separator = if violation.path.is_empty() { "" } else { "." };
                        violation.path = format!("[{index}]{separator}{}", violation.path);
                        violation
                    })?;
                    faults.extend(parsed);
                }
            }
            value => faults = Self::parse_item(&value)?,
        }
        Ok(faults)
    }

    /// Parses one fault or preset.
    fn parse_item(value: &Value) -> Result<Vec<Self>, Violation> {
        if value.get("preset").is_some() {
            let PresetWithPattern { preset, pattern } = deserialize(value)?;
            return Ok(preset.faults().into_iter().map(|fault| fault.on(pattern.clone())).collect());
        }
        let fault: Self = deserialize(value)?;
        fault.validate().map(|()| vec![fault])
    }

    /// Validates the fault.
    ///
    /// # Errors
    /// The path and reason of the first error.
    pub fn validate(&self) -> Result<(), Violation> {
        if self.id.as_deref() == Some("") {
            return Err(Violation::new("id", "must not be empty"));
        }
        if self.id.as_ref().is_some_and(|id| id.len() > MAX_ID_BYTES) {
            return Err(Violation::new("id", format!("must have at most {MAX_ID_BYTES} bytes")));
        }
        let nested =
            |parent: &str, (field, reason): (&str, &str)| Violation::new(format!("{parent}.{field}"), reason);
        self.effect.validate().map_err(|error| nested("effect", error))?;
        self.schedule.validate().map_err(|error| nested("schedule", error))
    }

    /// Parses the value of the header, such as `status=503; retry-after=1; times=2`, `delay=100ms..300ms` or `flaky`.
    ///
    /// # Errors
    /// The invalid part of the header and the reason.
    ///
    /// ```
    /// let faults = access_groups_mock::Fault::parse_header("status=503; times=2")?;
    /// assert_eq!(faults[0].schedule.times, Some(2));
    /// # Ok::<(), access_groups_mock::Violation>(())
    /// ```
    pub fn parse_header(header: &str) -> Result<Vec<Self>, Violation> {
        if header.len() > MAX_HEADER_BYTES {
            let reason = format!("must have at most {MAX_HEADER_BYTES} bytes");
            return Err(Violation::new("X-Mock-Fault", reason));
        }
        let mut parts = header.split(';').map(str::trim).filter(|part| !part.is_empty()).map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (name.trim(), value.trim())
        });
        let Some((name, value)) = parts.next() else {
            return Err(Violation::new("X-Mock-Fault", "must begin with an effect such as `status=503`"));
        };
        let mut faults = match parse_preset(name) {
            Some(preset) if value.is_empty() => preset.faults(),
            Some(_) | None => {
                vec![Self::new(parse_effect(name, value).map_err(|reason| header_violation(name, reason))?)]
            }
        };
        for (name, value) in parts {
            for fault in &mut faults {
                fault.set_parameter(name, value).map_err(|reason| header_violation(name, reason))?;
            }
        }
        for fault in &faults {
            fault.validate().map_err(|violation| header_violation(&violation.path, violation.reason))?;
        }
        Ok(faults)
    }

    /// Sets a parameter that follows the effect in the header.
    fn set_parameter(&mut self, name: &str, value: &str) -> Result<(), String> {
        let schedule = &mut self.schedule;
        match (name, &mut self.effect) {
            ("times", _) => schedule.times = Some(parse_number(value)?),
            ("after", _) => schedule.after = Some(parse_number(value)?),
            ("every", _) => schedule.every = Some(parse_number(value)?),
            ("probability", _) => {
                schedule.probability = Some(value.parse().map_err(|_| "must be a number from 0 to 1")?);
            }
            ("for", _) => schedule.duration = Some(value.parse()?),
            ("until", _) => {
                let time = chrono::DateTime::parse_from_rfc3339(value);
                schedule.until = Some(time.map_err(|_| "must be an RFC 3339 time")?.to_utc());
            }
            ("code", Effect::Status(error)) => error.code = Some(value.to_owned()),
            ("message", Effect::Status(error)) => error.message = Some(value.to_owned()),
            ("retry-after", Effect::Status(error)) => {
                error.retry_after = Some(value.parse().map_err(|_| "must be a number of seconds")?);
            }
            ("ids", Effect::FailItems { ids, .. }) => {
                *ids = value.split(',').map(|id| id.trim().to_owned()).collect();
            }
            _ => {
                return Err(
                    "must be one of times, after, every, probability, for, until, or a parameter of the effect"
                        .to_owned(),
                );
            }
        }
        Ok(())
    }
}

impl Preset {
    /// Returns the faults of the preset.
    pub fn faults(self) -> Vec<Fault> {
        let with_probability =
            |probability| Schedule { probability: Some(probability), ..Schedule::default() };
        let delay = |min, max| Effect::Delay {
            min: HumanDuration::from_millis(min),
            max: Some(HumanDuration::from_millis(max)),
        };
        match self {
            Self::Flaky => vec![
                Fault::new(delay(50, 250)).when(with_probability(0.2)),
                Fault::status(503).when(with_probability(0.1)),
                Fault::new(Effect::Disconnect {}).when(with_probability(0.05)),
            ],
            Self::Outage => vec![Fault::status(503)],
            Self::Slow => vec![Fault::new(delay(1_000, 3_000))],
        }
    }
}

fn parse_preset(name: &str) -> Option<Preset> {
    match name {
        "flaky" => Some(Preset::Flaky),
        "outage" => Some(Preset::Outage),
        "slow" => Some(Preset::Slow),
        _ => None,
    }
}

fn parse_effect(name: &str, value: &str) -> Result<Effect, String> {
    let has_no_value = value.is_empty();
    Ok(match name {
        "status" => Effect::Status(ErrorEffect::new(parse_status(value)?)),
        "delay" => match value.split_once("..") {
            Some((min, max)) => Effect::Delay { min: min.parse()?, max: Some(max.parse()?) },
            None => Effect::Delay { min: value.parse()?, max: None },
        },
        "disconnect" if has_no_value => Effect::Disconnect {},
        "empty" if has_no_value => Effect::Empty {},
        "malformed" if has_no_value => Effect::Malformed {},
        "truncate" if has_no_value => Effect::Truncate { bytes: None },
        "truncate" => {
            Effect::Truncate { bytes: Some(value.parse().map_err(|_| "must be a number of bytes")?) }
        }
        "slow-body" => Effect::SlowBody { over: value.parse()? },
        "commit-then-fail" if has_no_value => Effect::CommitThenFail { status: None },
        "commit-then-fail" => Effect::CommitThenFail { status: Some(parse_status(value)?) },
        "fail-items" if has_no_value => Effect::FailItems { status: 500, ids: Vec::new() },
        "fail-items" => Effect::FailItems { status: parse_status(value)?, ids: Vec::new() },
        "stale-reads" => Effect::StaleReads { window: value.parse()? },
        "disconnect" | "empty" | "malformed" => return Err("takes no value".to_owned()),
        _ => {
            return Err("must be one of status, delay, disconnect, empty, truncate, malformed, slow-body, \
                        commit-then-fail, fail-items, stale-reads, flaky, outage, slow"
                .to_owned());
        }
    })
}

fn parse_status(value: &str) -> Result<u16, String> {
    value.parse().map_err(|_| "must be a status from 400 to 599".to_owned())
}

fn parse_number(value: &str) -> Result<u64, String> {
    value.parse().map_err(|_| "must be a number".to_owned())
}

fn header_violation(name: &str, reason: impl Into<String>) -> Violation {
    Violation::new(format!("X-Mock-Fault: {name}"), reason)
}

/// Deserializes `value`; an error names the path of the invalid value.
fn deserialize<T: serde::de::DeserializeOwned>(value: &Value) -> Result<T, Violation> {
    strict_json::with_path(value.to_string().as_bytes())
        .map_err(|PathError { path, error }| Violation::new(path, strict_json::reason(&error)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse_header(header: &str) -> Fault {
        let faults = Fault::parse_header(header).expect("the header is a fault");
        faults.into_iter().next().expect("the header has a fault")
    }

    #[test]
    fn header_and_json_are_equivalent() {
        let pairs = [
            ("status=503", json!({"effect": {"type": "status", "status": 503}})),
            (
                "status=429; retry-after=2; code=x; message=no; times=2",
                json!({
                    "effect": {"type": "status", "status": 429, "code": "x", "message": "no", "retryAfter": 2},
                    "schedule": {"times": 2}
                }),
            ),
            ("delay=100ms..300ms", json!({"effect": {"type": "delay", "min": "100ms", "max": 300}})),
            (
                "disconnect;after=1;every=2",
                json!({"effect": {"type": "disconnect"}, "schedule": {"after": 1, "every": 2}}),
            ),
            ("truncate=10", json!({"effect": {"type": "truncate", "bytes": 10}})),
            ("slow-body=2s", json!({"effect": {"type": "slow-body", "over": "2s"}})),
            ("commit-then-fail", json!({"effect": {"type": "commit-then-fail"}})),
            (
                "fail-items=404; ids=a,b",
                json!({"effect": {"type": "fail-items", "status": 404, "ids": ["a", "b"]}}),
            ),
            (
                "stale-reads=5s; for=1m",
                json!({"effect": {"type": "stale-reads", "window": "5s"}, "schedule": {"for": "1m"}}),
            ),
        ];
        for (header, json) in pairs {
            let faults = Fault::parse(json.to_string().as_bytes()).expect("the JSON is a fault");

            assert_eq!(parse_header(header), faults[0], "{header}");
            let serialized = serde_json::to_vec(&faults).expect("faults can be serialized");
            assert_eq!(Fault::parse(&serialized).expect("the faults can be parsed"), faults, "{header}");
        }
    }

    #[test]
    fn error_in_a_header_names_the_invalid_part() {
        for (header, part) in [
            ("", "X-Mock-Fault"),
            ("stats=503", "X-Mock-Fault: stats"),
            ("status=200", "X-Mock-Fault: effect.status"),
            ("status=503; time=2", "X-Mock-Fault: time"),
            ("delay=2", "X-Mock-Fault: delay"),
            ("disconnect=1", "X-Mock-Fault: disconnect"),
            ("disconnect; ids=a", "X-Mock-Fault: ids"),
            ("status=503; times=0", "X-Mock-Fault: schedule.times"),
        ] {
            assert_eq!(
                Fault::parse_header(header).expect_err("the header is invalid").path,
                part,
                "{header}"
            );
        }
    }

    #[test]
    fn error_in_json_names_the_invalid_field() {
        for (value, path) in [
            (json!({}), ""),
            (json!([{"effect": {"type": "status", "status": 99}}]), "[0].effect.status"),
            (
                json!({"effect": {"type": "status", "status": 500}, "schedule": {"every": 0}}),
                "schedule.every",
            ),
            (
                json!({"effect": {"type": "status", "status": 500}, "match": {"methods": "GET"}}),
                "match.methods",
            ),
            (json!({"preset": "slowly"}), "preset"),
        ] {
            assert_eq!(
                Fault::parse(value.to_string().as_bytes()).expect_err("the JSON is invalid").path,
                path,
                "{value}"
            );
        }
    }
}
