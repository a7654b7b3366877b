//! The schemas of the state, snapshots, the clock and faults.

use serde_json::{Value, json};

use super::{count, list_schema, merge, object, or_null, string, time};

pub(super) fn schemas() -> Value {
    let duration = json!({"type": ["string", "integer"], "description": "A duration such as `250ms`, `30s` or `1h 30m`; a number is a number of milliseconds."});
    let step = json!({"type": ["string", "null"], "description": "The duration by which each request advances the clock."});
    let mode = json!({"type": "string", "enum": ["system", "frozen", "stepping"]});
    json!({
        "Done": object(&[], json!({"status": {"type": "string", "const": "ok"}})),
        "State": {
            "type": "object",
            "description": "A seed, as described in docs/seed.md; a saved state also has `$state` fields.",
            "properties": {"version": {"type": "integer", "const": 1}}
        },
        "Snapshots": object(&[], json!({"snapshots": list_schema("Snapshot")})),
        "Snapshot": object(&[], json!({"name": string(), "taken": time(), "groups": count()})),
        "AccountGroups": object(&[], json!({"accountGroups": list_schema("AccountGroup")})),
        "AccountGroup": object(&[], json!({"id": string(), "accounts": {"type": "array", "items": string()}})),
        "NewAccountGroup": object(&[], json!({
            "accounts": {
                "type": "array", "uniqueItems": true, "items": {"type": "string", "minLength": 1},
                "description": "The ids of the accounts."
            }
        })),
        "Clock": object(&[], json!({"mode": mode, "now": time(), "step": step})),
        "ClockChange": object(&["mode", "now", "advance", "step"], json!({
            "mode": mode, "now": time(), "advance": duration, "step": duration
        })),
        "Fidelity": object(&[], json!({"fidelity": {"type": "string", "enum": ["documented", "live"]}})),
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
        "NewFault": object(&["id", "match", "schedule"], fault_fields()),
        "Faults": object(&[], json!({"faults": list_schema("Fault")})),
        "Fault": object(&["match", "schedule"], merge(fault_fields(), json!({
            "matched": {"type": "integer", "description": "The number of matching requests."},
            "injected": {"type": "integer", "description": "The number of requests that the fault was injected into."}
        }))),
        "Schedule": object(&["times", "after", "every", "probability", "until", "for"], json!({
            "times": {"type": "integer", "minimum": 1},
            "after": count(),
            "every": {"type": "integer", "minimum": 1},
            "probability": {"type": "number", "minimum": 0, "maximum": 1},
            "until": time(),
            "for": duration
        })),
        "Effect": {"oneOf": effects(&duration)}
    })
}

fn fault_fields() -> Value {
    json!({
        "id": string(), "match": {"$ref": "Pattern"}, "effect": {"$ref": "Effect"}, "schedule": {"$ref": "Schedule"}
    })
}

fn effects(duration: &Value) -> Vec<Value> {
    let effect = |name: &str, optional: &[&str], properties: Value| {
        object(optional, merge(json!({"type": {"type": "string", "const": name}}), properties))
    };
    let status = json!({"type": "integer", "minimum": 400, "maximum": 599});
    vec![
        effect(
            "status",
            &["code", "message", "retryAfter"],
            json!({
                "status": status, "code": string(), "message": string(), "retryAfter": count()
            }),
        ),
        effect("delay", &["max"], json!({"min": duration, "max": duration})),
        effect("disconnect", &[], json!({})),
        effect("empty", &[], json!({})),
        effect("truncate", &["bytes"], json!({"bytes": count()})),
        effect("malformed", &[], json!({})),
        effect("slow-body", &[], json!({"over": duration})),
        effect("commit-then-fail", &["status"], json!({"status": or_null(status.clone())})),
        effect(
            "fail-items",
            &["status", "ids"],
            json!({"status": status, "ids": {"type": "array", "items": string()}}),
        ),
        effect("stale-reads", &[], json!({"window": duration})),
    ]
}
