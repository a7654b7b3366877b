//! `Fault`: which requests go wrong, how, and when; as JSON, and as the text of the header `X-Mock-Fault`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::effect::{Effect, Refused};
use super::pattern::Pattern;
use super::schedule::Schedule;
use super::span::Span;
use crate::failure::Violation;

/// A rule by which requests go wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// Its name; one is given where there is none, and a fault with the same one is replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Which requests it is for; every request when empty.
    #[serde(default, rename = "match", skip_serializing_if = "is_every_request")]
    pub pattern: Pattern,
    /// What it does.
    pub effect: Effect,
    /// Which of the matching requests it strikes; all of them when empty.
    #[serde(default, skip_serializing_if = "is_always")]
    pub schedule: Schedule,
}

/// Several faults under one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// One request in ten is answered 503, one in twenty loses its connection, one in five waits 50 to 250 ms.
    Flaky,
    /// Every request is answered 503.
    Outage,
    /// Every request waits 1 to 3 s.
    Slow,
}

/// A preset with the requests it is for.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PresetFor {
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
    /// Returns the fault with `effect` that strikes every request.
    ///
    /// ```
    /// use access_groups_mock::{Effect, Fault};
    ///
    /// let fault = Fault::new(Effect::Disconnect {});
    /// assert!(fault.check().is_ok());
    /// ```
    pub fn new(effect: Effect) -> Self {
        Self { id: None, pattern: Pattern::default(), effect, schedule: Schedule::default() }
    }

    /// Returns the fault that refuses every request with `status`, 400 to 599.
    ///
    /// ```
    /// assert!(access_groups_mock::Fault::status(503).check().is_ok());
    /// assert!(access_groups_mock::Fault::status(200).check().is_err());
    /// ```
    pub fn status(status: u16) -> Self {
        Self::new(Effect::Status(Refused::new(status)))
    }

    /// Returns the fault that makes every request wait.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let fault = access_groups_mock::Fault::delay(Duration::from_millis(200));
    /// assert!(fault.check().is_ok());
    /// ```
    pub fn delay(wait: std::time::Duration) -> Self {
        Self::new(Effect::Delay { min: wait.into(), max: None })
    }

    /// Narrows it to the requests that `pattern` means.
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

    /// Lets it strike when `schedule` says.
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

    /// Lets it strike the first `times` matching requests only.
    ///
    /// ```
    /// assert_eq!(access_groups_mock::Fault::status(503).times(2).schedule.times, Some(2));
    /// ```
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        self.when(Schedule::times(times))
    }

    /// Reads what `/__admin/faults` and `--faults` accept: a fault, a preset, or a list of both.
    ///
    /// # Errors
    /// The path and reason of the first mistake.
    ///
    /// ```
    /// let faults = access_groups_mock::Fault::read(br#"[{"preset":"outage"}]"#)?;
    /// assert_eq!(faults.len(), 1);
    /// # Ok::<(), access_groups_mock::Violation>(())
    /// ```
    pub fn read(text: &[u8]) -> Result<Vec<Self>, Violation> {
        let value: Value = serde_json::from_slice(text)
            .map_err(|error| Violation::new("", format!("must be JSON: {error}")))?;
        let mut faults = Vec::new();
        match value {
            Value::Array(items) => {
                for (index, item) in items.into_iter().enumerate() {
                    let read = Self::read_one(item).map_err(|mut violation| {
                        let separator = if violation.path.is_empty() { "" } else { "." };
                        violation.path = format!("[{index}]{separator}{}", violation.path);
                        violation
                    })?;
                    faults.extend(read);
                }
            }
            value => faults = Self::read_one(value)?,
        }
        Ok(faults)
    }

    fn read_one(value: Value) -> Result<Vec<Self>, Violation> {
        if value.get("preset").is_some() {
            let PresetFor { preset, pattern } = typed(value)?;
            return Ok(preset.faults().into_iter().map(|fault| fault.on(pattern.clone())).collect());
        }
        let fault: Self = typed(value)?;
        fault.check().map(|()| vec![fault])
    }

    /// Says what is wrong with it.
    ///
    /// # Errors
    /// The path and reason of the first mistake.
    pub fn check(&self) -> Result<(), Violation> {
        if self.id.as_deref() == Some("") {
            return Err(Violation::new("id", "must not be empty"));
        }
        let below = |parent: &str, (member, reason): (&str, &str)| {
            Violation::new(format!("{parent}.{member}"), reason)
        };
        self.effect.check().map_err(|mistake| below("effect", mistake))?;
        self.schedule.check().map_err(|mistake| below("schedule", mistake))
    }

    /// Reads the text of the header, such as `status=503; retry-after=1; times=2`, `delay=100ms..300ms` or `flaky`.
    ///
    /// # Errors
    /// The part that is wrong, and why.
    ///
    /// ```
    /// let faults = access_groups_mock::Fault::of_header("status=503; times=2")?;
    /// assert_eq!(faults[0].schedule.times, Some(2));
    /// # Ok::<(), access_groups_mock::Violation>(())
    /// ```
    pub fn of_header(text: &str) -> Result<Vec<Self>, Violation> {
        let mut parts = text.split(';').map(str::trim).filter(|part| !part.is_empty()).map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (name.trim(), value.trim())
        });
        let Some((name, value)) = parts.next() else {
            return Err(Violation::new("X-Mock-Fault", "must begin with an effect such as `status=503`"));
        };
        let mut faults = match preset_named(name) {
            Some(preset) if value.is_empty() => preset.faults(),
            Some(_) | None => {
                vec![Self::new(effect_of(name, value).map_err(|reason| in_header(name, reason))?)]
            }
        };
        for (name, value) in parts {
            for fault in &mut faults {
                fault.set(name, value).map_err(|reason| in_header(name, reason))?;
            }
        }
        for fault in &faults {
            fault.check().map_err(|violation| in_header(&violation.path, violation.reason))?;
        }
        Ok(faults)
    }

    /// Sets what follows the effect in the header.
    fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let schedule = &mut self.schedule;
        match (name, &mut self.effect) {
            ("times", _) => schedule.times = Some(number(value)?),
            ("after", _) => schedule.after = Some(number(value)?),
            ("every", _) => schedule.every = Some(number(value)?),
            ("probability", _) => {
                schedule.probability = Some(value.parse().map_err(|_| "must be a number from 0 to 1")?);
            }
            ("for", _) => schedule.lasts = Some(value.parse()?),
            ("until", _) => {
                let time = chrono::DateTime::parse_from_rfc3339(value);
                schedule.until = Some(time.map_err(|_| "must be an RFC 3339 time")?.to_utc());
            }
            ("code", Effect::Status(refused)) => refused.code = Some(value.to_owned()),
            ("message", Effect::Status(refused)) => refused.message = Some(value.to_owned()),
            ("retry-after", Effect::Status(refused)) => {
                refused.retry_after = Some(value.parse().map_err(|_| "must be a number of seconds")?);
            }
            ("ids", Effect::FailItems { ids, .. }) => {
                *ids = value.split(',').map(|id| id.trim().to_owned()).collect();
            }
            _ => {
                return Err(
                    "is none of times, after, every, probability, for, until, nor a part of the effect"
                        .to_owned(),
                );
            }
        }
        Ok(())
    }
}

impl Preset {
    /// Returns the faults that it stands for.
    pub fn faults(self) -> Vec<Fault> {
        let sometimes = |probability| Schedule { probability: Some(probability), ..Schedule::default() };
        let wait =
            |min, max| Effect::Delay { min: Span::milliseconds(min), max: Some(Span::milliseconds(max)) };
        match self {
            Self::Flaky => vec![
                Fault::new(wait(50, 250)).when(sometimes(0.2)),
                Fault::status(503).when(sometimes(0.1)),
                Fault::new(Effect::Disconnect {}).when(sometimes(0.05)),
            ],
            Self::Outage => vec![Fault::status(503)],
            Self::Slow => vec![Fault::new(wait(1_000, 3_000))],
        }
    }
}

fn preset_named(name: &str) -> Option<Preset> {
    match name {
        "flaky" => Some(Preset::Flaky),
        "outage" => Some(Preset::Outage),
        "slow" => Some(Preset::Slow),
        _ => None,
    }
}

fn effect_of(name: &str, value: &str) -> Result<Effect, String> {
    let is_bare = value.is_empty();
    Ok(match name {
        "status" => Effect::Status(Refused::new(status(value)?)),
        "delay" => match value.split_once("..") {
            Some((min, max)) => Effect::Delay { min: min.parse()?, max: Some(max.parse()?) },
            None => Effect::Delay { min: value.parse()?, max: None },
        },
        "disconnect" if is_bare => Effect::Disconnect {},
        "empty" if is_bare => Effect::Empty {},
        "malformed" if is_bare => Effect::Malformed {},
        "truncate" if is_bare => Effect::Truncate { bytes: None },
        "truncate" => {
            Effect::Truncate { bytes: Some(value.parse().map_err(|_| "must be a number of bytes")?) }
        }
        "slow-body" => Effect::SlowBody { over: value.parse()? },
        "commit-then-fail" if is_bare => Effect::CommitThenFail { status: None },
        "commit-then-fail" => Effect::CommitThenFail { status: Some(status(value)?) },
        "fail-items" if is_bare => Effect::FailItems { status: 500, ids: Vec::new() },
        "fail-items" => Effect::FailItems { status: status(value)?, ids: Vec::new() },
        "stale-reads" => Effect::StaleReads { window: value.parse()? },
        "disconnect" | "empty" | "malformed" => return Err("takes no value".to_owned()),
        _ => {
            return Err("is none of status, delay, disconnect, empty, truncate, malformed, slow-body, \
                        commit-then-fail, fail-items, stale-reads, flaky, outage, slow"
                .to_owned());
        }
    })
}

fn status(value: &str) -> Result<u16, String> {
    value.parse().map_err(|_| "must be a status from 400 to 599".to_owned())
}

fn number(value: &str) -> Result<u64, String> {
    value.parse().map_err(|_| "must be a number".to_owned())
}

fn in_header(name: &str, reason: impl Into<String>) -> Violation {
    Violation::new(format!("X-Mock-Fault: {name}"), reason)
}

fn typed<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, Violation> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        Violation::new(path.trim_end_matches('.'), error.inner().to_string())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn header(text: &str) -> Fault {
        let faults = Fault::of_header(text).expect("it is a fault");
        faults.into_iter().next().expect("there is one")
    }

    #[test]
    fn the_header_and_the_json_say_the_same() {
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
        for (text, json) in pairs {
            let read = Fault::read(json.to_string().as_bytes()).expect("it is a fault");

            assert_eq!(header(text), read[0], "{text}");
            let written = serde_json::to_vec(&read).expect("it can be written");
            assert_eq!(Fault::read(&written).expect("it can be read back"), read, "{text}");
        }
    }

    #[test]
    fn a_wrong_header_names_the_part_that_is_wrong() {
        for (text, part) in [
            ("", "X-Mock-Fault"),
            ("stats=503", "X-Mock-Fault: stats"),
            ("status=200", "X-Mock-Fault: effect.status"),
            ("status=503; time=2", "X-Mock-Fault: time"),
            ("delay=2", "X-Mock-Fault: delay"),
            ("disconnect=1", "X-Mock-Fault: disconnect"),
            ("disconnect; ids=a", "X-Mock-Fault: ids"),
            ("status=503; times=0", "X-Mock-Fault: schedule.times"),
        ] {
            assert_eq!(Fault::of_header(text).expect_err("it is wrong").path, part, "{text}");
        }
    }

    #[test]
    fn wrong_json_names_the_member_that_is_wrong() {
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
                Fault::read(value.to_string().as_bytes()).expect_err("it is wrong").path,
                path,
                "{value}"
            );
        }
    }
}
