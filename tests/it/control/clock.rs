//! The virtual clock: its modes `system`, `frozen` and `stepping`, its control by requests, and all times that follow
//! it.

use std::time::{Duration, Instant};

use access_groups_mock::Config;
use access_groups_mock::store::ClockSetting;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{admin_get, assert_invalid, create_legacy_group, set_clock};
use crate::support::TestServer;

const START: &str = "2026-03-01T12:00:00.000Z";

/// Starts a server with a frozen clock.
fn frozen() -> TestServer {
    TestServer::with_config(
        Config { clock: ClockSetting::Frozen(START.parse().unwrap()), ..Config::default() },
        "{}",
    )
}

fn clock(mock: &TestServer) -> Value {
    admin_get(mock, "/__admin/clock")
}

fn now(mock: &TestServer) -> DateTime<Utc> {
    clock(mock)["now"].as_str().unwrap().parse().unwrap()
}

/// Creates a group in the authress dialect, and returns its time of modification.
fn create_and_get_last_updated(mock: &TestServer, id: &str) -> String {
    let body = json!({"groupId": id, "name": id, "users": [], "admins": []});
    let group = mock.post("/v1/groups").json(body).send().expect(201).json();
    group["lastUpdated"].as_str().unwrap().to_owned()
}

#[test]
fn the_clock_follows_the_system_clock_by_default() {
    let mock = TestServer::start();

    let clock = clock(&mock);

    assert_eq!((&clock["mode"], &clock["step"]), (&json!("system"), &Value::Null));
    let now: DateTime<Utc> = clock["now"].as_str().unwrap().parse().unwrap();
    let system = access_groups_mock::store::system_now();
    assert!((system - now).abs() < TimeDelta::seconds(10), "{now}");
}

#[test]
fn the_clock_can_be_frozen_set_and_advanced() {
    let mock = TestServer::start();

    let frozen = set_clock(&mock, "", json!({"mode": "frozen"}));
    assert_eq!(frozen["mode"], "frozen");
    std::thread::sleep(Duration::from_millis(3));
    assert_eq!(clock(&mock), frozen, "it is frozen at the current time");

    let set = set_clock(&mock, "", json!({"now": "2026-03-01T12:00:00Z"}));
    assert_eq!(set, json!({"mode": "frozen", "now": "2026-03-01T12:00:00Z", "step": null}));
    let advanced = set_clock(&mock, "", json!({"advance": "1h 30m"}));
    assert_eq!(advanced["now"].as_str().unwrap().parse(), "2026-03-01T13:30:00Z".parse::<DateTime<Utc>>());
    let advanced = set_clock(&mock, "", json!({"advance": 250}));
    assert_eq!(
        advanced["now"].as_str().unwrap().parse(),
        "2026-03-01T13:30:00.250Z".parse::<DateTime<Utc>>()
    );
    let both = set_clock(&mock, "", json!({"now": "2026-01-01T01:00:00+01:00", "advance": "1s"}));
    assert_eq!(both["now"].as_str().unwrap().parse(), "2026-01-01T00:00:01Z".parse::<DateTime<Utc>>());
}

#[test]
fn a_set_or_advanced_system_clock_keeps_running() {
    let mock = TestServer::start();

    set_clock(&mock, "", json!({"now": "2000-01-01T00:00:00Z"}));
    let set = now(&mock);
    std::thread::sleep(Duration::from_millis(20));
    let later = now(&mock);
    set_clock(&mock, "", json!({"advance": "100d"}));
    let advanced = now(&mock);

    assert_eq!(clock(&mock)["mode"], "system");
    assert!(later - set >= TimeDelta::milliseconds(20) && later - set < TimeDelta::seconds(60));
    assert!(advanced - later >= TimeDelta::days(100) && advanced - later < TimeDelta::days(101));
    set_clock(&mock, "", json!({"mode": "system"}));
    let difference = access_groups_mock::store::system_now() - now(&mock);
    assert!(difference.abs() < TimeDelta::seconds(10), "`system` without a time is the system clock");
}

#[test]
fn a_stepping_clock_advances_only_with_requests_to_vendor_apis() {
    let mock = TestServer::start();
    let stepping = json!({"mode": "stepping", "now": "2026-03-01T12:00:00Z", "step": "2s"});

    let set = set_clock(&mock, "", stepping);
    let first = create_and_get_last_updated(&mock, "grp_a");
    clock(&mock);
    mock.get("/v1/groups/nobody").send().expect(404);
    let third = create_and_get_last_updated(&mock, "grp_b");

    assert_eq!((&set["mode"], &set["step"]), (&json!("stepping"), &json!("2s")));
    assert_eq!((&*first, &*third), ("2026-03-01T12:00:02.000Z", "2026-03-01T12:00:06.000Z"));
    let unchanged = set_clock(&mock, "", json!({"advance": "1m"}));
    assert_eq!((&unchanged["mode"], &unchanged["step"]), (&json!("stepping"), &json!("2s")));
    assert_eq!(create_and_get_last_updated(&mock, "grp_c"), "2026-03-01T12:01:08.000Z");
    assert_eq!(set_clock(&mock, "", json!({"step": 1}))["step"], "1ms");
}

#[test]
fn an_empty_change_has_no_effect() {
    let mock = frozen();
    let before = clock(&mock);

    assert_eq!(set_clock(&mock, "", json!({})), before);
}

#[test]
fn all_timestamps_follow_the_clock() {
    let mock = frozen();

    let group = mock.post("/v2/groups?account_id=a").json(json!({"name": "g"})).send().expect(201).json();
    let access = mock.post("/client/v4/accounts/a/access/groups");
    let access = access.json(json!({"name": "g", "include": [{"everyone": {}}]})).send().expect(201).json();
    let legacy = create_legacy_group(&mock, "", "g").json();
    let health = admin_get(&mock, "/__admin/health");
    let list = admin_get(&mock, "/__admin/groups");

    assert_eq!(create_and_get_last_updated(&mock, "grp_a"), START);
    assert_eq!(group["created_at"], "2026-03-01T12:00:00Z");
    assert_eq!(access["result"]["created_at"], "2026-03-01T12:00:00Z");
    assert!(legacy["entry"].to_string().contains("2026-03-01T12:00:00"), "{legacy}");
    assert_eq!(health["timestamp"], START);
    assert!(
        list["groups"]
            .as_array()
            .unwrap()
            .iter()
            .all(|group| group["created"].is_null() || group["created"] == START)
    );
    set_clock(&mock, "", json!({"advance": "1h"}));
    let body = json!({"name": "new", "users": [], "admins": []});
    let updated = mock.put("/v1/groups/grp_a").json(body).send().expect(200);
    assert_eq!(updated.json()["lastUpdated"], "2026-03-01T13:00:00.000Z");
    let body = json!({"name": "newer", "users": [], "admins": []});
    let stale =
        mock.put("/v1/groups/grp_a").header("if-unmodified-since", START).json(body).send().expect(412);
    assert_eq!(stale.header("last-modified"), "Sun, 01 Mar 2026 13:00:00 GMT");
}

#[test]
fn a_token_expires_by_the_virtual_clock() {
    let mock = frozen();
    let form = "grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=key";
    let call = mock.post("/identity/token").anonymous().body(form);
    let token = call.header("content-type", "application/x-www-form-urlencoded").send().expect(200).json();
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    let list = || mock.get("/v2/groups?account_id=a").header("authorization", &bearer).send().status;

    assert_eq!(list(), 200);
    set_clock(&mock, "", json!({"advance": "59m 59s"}));
    assert_eq!(list(), 200);
    set_clock(&mock, "", json!({"advance": "1s"}));
    assert_eq!(list(), 401);
    set_clock(&mock, "", json!({"now": START}));
    assert_eq!(list(), 200);
}

#[test]
fn an_assignment_progresses_with_the_virtual_clock() {
    let mut config = Config { clock: ClockSetting::Frozen(START.parse().unwrap()), ..Config::default() };
    config.ibm.assignment_time = Duration::from_secs(3600);
    let mock = TestServer::with_config(config, super::DEMO_SEED);
    let body = json!({
        "template_id": "AccessGroupTemplateId-0c2f5a1e-8d47-4b36-9e20-5f7a1c3d6b44",
        "template_version": "1", "target_type": "Account", "target": "child"
    });
    let started = Instant::now();

    let created = mock.post("/v1/group_assignments").json(body).send().expect(202).json();
    let path = format!("/v1/group_assignments/{}", created["id"].as_str().unwrap());
    let status = || mock.get(&path).send().expect(200).json()["status"].clone();

    assert_eq!(created["status"], "accepted");
    assert_eq!(status(), "in_progress");
    set_clock(&mock, "", json!({"advance": "59m 59s"}));
    assert_eq!(status(), "in_progress");
    set_clock(&mock, "", json!({"advance": "1s"}));
    assert_eq!(status(), "succeeded");
    assert!(started.elapsed() < Duration::from_secs(60), "an hour of virtual time takes no real time");
}

#[test]
fn a_reset_of_the_clock_restores_its_initial_settings() {
    let mock = frozen();
    set_clock(&mock, "", json!({"mode": "stepping", "now": "2030-01-01T00:00:00Z"}));

    mock.post("/__admin/reset?scope=clock").send().expect(200);

    assert_eq!(clock(&mock)["mode"], "frozen");
    assert_eq!(now(&mock), START.parse::<DateTime<Utc>>().unwrap());
}

#[test]
fn an_invalid_change_is_rejected_and_has_no_effect() {
    let mock = frozen();
    let before = clock(&mock);

    for (body, detail) in [
        (r#"{"mode":"fast"}"#, "mode unknown variant `fast`, expected one of `system`, `frozen`, `stepping`"),
        (r#"{"now":"yesterday"}"#, "now input contains invalid characters"),
        (
            r#"{"advance":"soon"}"#,
            "advance `soon` must be a duration such as `250ms`, `30s`, `5m` or `1h 30m`",
        ),
        (r#"{"step":"1s"}"#, ""),
        (r#"{"mode":"frozen","step":"1s"}"#, "step is allowed only in the mode `stepping`"),
        (r#"{"speed":2}"#, "speed unknown field `speed`, expected one of `mode`, `now`, `advance`, `step`"),
        (r#"{"now":"9999-12-31T23:59:59Z","advance":"1d"}"#, "must result in a year from 0 to 9999"),
    ] {
        let response = mock.put("/__admin/clock").body(body).send();
        if detail.is_empty() {
            assert_eq!(
                response.expect(200).json()["mode"],
                "stepping",
                "a step alone selects the mode `stepping`"
            );
            mock.put("/__admin/clock").json(json!({"mode": "frozen", "now": START})).send().expect(200);
        } else {
            assert_invalid(&response, detail);
        }
    }
    for body in ["", "[]", "{", "7", "null", r#"{"advance":-1}"#, r#"{"now":1}"#] {
        let response = mock.put("/__admin/clock").body(body).send().expect(400);
        assert!(!response.json()["errors"][0]["detail"].as_str().unwrap().is_empty(), "{body}");
    }
    assert_eq!(clock(&mock), before);
}
