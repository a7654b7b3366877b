//! State, snapshots, clock and faults.

use serde_json::{Value, json};

use super::{count, list_of, object, or_null, text, time, with};

pub(super) fn schemas() -> Value {
    let span = json!({"type": ["string", "integer"], "description": "Such as `250ms`, `30s` or `1h 30m`; a number counts milliseconds."});
    let step = json!({"type": ["string", "null"], "description": "By how much a request lets it go on."});
    let mode = json!({"type": "string", "enum": ["system", "frozen", "stepping"]});
    json!({
        "Done": object(&[], json!({"status": {"type": "string", "const": "ok"}})),
        "State": {
            "type": "object",
            "description": "A seed, as docs/seed.md describes it; a saved state has `$state` members besides.",
            "properties": {"version": {"type": "integer", "const": 1}}
        },
        "Snapshots": object(&[], json!({"snapshots": list_of("Snapshot")})),
        "Snapshot": object(&[], json!({"name": text(), "taken": time(), "groups": count()})),
        "Clock": object(&[], json!({"mode": mode, "now": time(), "step": step})),
        "ClockChange": object(&["mode", "now", "advance", "step"], json!({
            "mode": mode, "now": time(), "advance": span, "step": span
        })),
        "NewFaults": {
            "description": "A fault, a preset, or a list of both.",
            "oneOf": [
                {"$ref": "NewFault"},
                {"$ref": "Preset"},
                {"type": "array", "items": {"oneOf": [{"$ref": "NewFault"}, {"$ref": "Preset"}]}}
            ]
        },
        "Preset": object(&["match"], json!({
            "preset": {"type": "string", "enum": ["flaky", "outage", "slow"]},
            "match": {"$ref": "Pattern"}
        })),
        "NewFault": object(&["id", "match", "schedule"], fault_members()),
        "Faults": object(&[], json!({"faults": list_of("Fault")})),
        "Fault": object(&["match", "schedule"], with(fault_members(), json!({
            "seen": {"type": "integer", "description": "How many matching requests there were."},
            "struck": {"type": "integer", "description": "How many of them it struck."}
        }))),
        "Schedule": object(&["times", "after", "every", "probability", "until", "for"], json!({
            "times": {"type": "integer", "minimum": 1},
            "after": count(),
            "every": {"type": "integer", "minimum": 1},
            "probability": {"type": "number", "minimum": 0, "maximum": 1},
            "until": time(),
            "for": span
        })),
        "Effect": {"oneOf": effects(&span)}
    })
}

fn fault_members() -> Value {
    json!({
        "id": text(), "match": {"$ref": "Pattern"}, "effect": {"$ref": "Effect"}, "schedule": {"$ref": "Schedule"}
    })
}

fn effects(span: &Value) -> Vec<Value> {
    let of = |name: &str, optional: &[&str], members: Value| {
        object(optional, with(json!({"type": {"type": "string", "const": name}}), members))
    };
    let status = json!({"type": "integer", "minimum": 400, "maximum": 599});
    vec![
        of(
            "status",
            &["code", "message", "retryAfter"],
            json!({
                "status": status, "code": text(), "message": text(), "retryAfter": count()
            }),
        ),
        of("delay", &["max"], json!({"min": span, "max": span})),
        of("disconnect", &[], json!({})),
        of("empty", &[], json!({})),
        of("truncate", &["bytes"], json!({"bytes": count()})),
        of("malformed", &[], json!({})),
        of("slow-body", &[], json!({"over": span})),
        of("commit-then-fail", &["status"], json!({"status": or_null(status.clone())})),
        of(
            "fail-items",
            &["status", "ids"],
            json!({"status": status, "ids": {"type": "array", "items": text()}}),
        ),
        of("stale-reads", &[], json!({"window": span})),
    ]
}
