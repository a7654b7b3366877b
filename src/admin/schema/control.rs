//! The schemas of the state, snapshots, the clock and faults.

use serde_json::{Value, json};

use super::{count, list_schema, merge, object, string, time};

pub(super) fn schemas() -> Value {
    let duration = json!({"$ref": "Duration"});
    let step = json!({"type": ["string", "null"], "description": "The duration by which each request advances the clock."});
    let mode = json!({"type": "string", "enum": ["system", "frozen", "stepping"]});
    json!({
        "Done": object(&[], json!({"status": {"type": "string", "const": "ok"}})),
        "State": {
            "type": "object",
            "description": "A seed, as described in docs/seed.md; a saved state also has `$state` fields.",
            "properties": {"version": {"type": ["integer", "null"], "minimum": 1, "maximum": 1}}
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
            "mode": {"type": ["string", "null"], "enum": ["system", "frozen", "stepping", null]},
            "now": {"type": ["string", "null"], "format": "date-time"},
            "advance": {"oneOf": [duration, {"type": "null"}]},
            "step": {"oneOf": [duration, {"type": "null"}]}
        })),
        "Fidelity": object(&[], json!({"fidelity": {"type": "string", "enum": ["documented", "live"]}})),
        "Duration": {
            "description": "A duration such as `250ms`, `30s` or `1h 30m`; a number is a number of milliseconds.",
            "oneOf": [{"type": "string"}, {"type": "integer", "minimum": 0}]
        },
        "NewFaults": {
            "description": "A fault or a preset. An array of both is accepted, too, and then all of them are added.",
            "oneOf": [{"$ref": "NewFault"}, {"$ref": "Preset"}]
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
        "Effect": effect(&duration)
    })
}

fn fault_fields() -> Value {
    json!({
        "id": string(), "match": {"$ref": "Pattern"}, "effect": {"$ref": "Effect"}, "schedule": {"$ref": "Schedule"}
    })
}

/// Returns the schema of an effect: one object with the fields of all types, because clients cannot tell the types apart
/// by a constant.
fn effect(duration: &Value) -> Value {
    let optional =
        ["status", "code", "message", "retryAfter", "min", "max", "bytes", "over", "ids", "window"];
    let of = |description: &str, mut schema: Value| {
        schema["description"] = description.into();
        schema
    };
    let mut effect = object(
        &optional,
        json!({
            "type": {
                "type": "string",
                "enum": [
                    "status", "delay", "disconnect", "empty", "truncate", "malformed", "slow-body",
                    "commit-then-fail", "fail-items", "stale-reads"
                ]
            },
            "status": of(
                "Of `status`, which requires it; of `fail-items`, 500 if absent; and of `commit-then-fail`, which resets the connection without it.",
                json!({"type": ["integer", "null"], "minimum": 400, "maximum": 599}),
            ),
            "code": of("Of `status`: the rule, or the vendor's code.", string()),
            "message": of("Of `status`: replaces the vendor's message.", string()),
            "retryAfter": of("Of `status`: the value of `Retry-After` in seconds.", count()),
            "min": of("Of `delay`, which requires it.", duration.clone()),
            "max": of("Of `delay`: the maximum of a random duration; `min` if absent.", duration.clone()),
            "bytes": of("Of `truncate`: the number of bytes of the body that are sent; half of them if absent.", count()),
            "over": of("Of `slow-body`, which requires it: the duration of sending the body.", duration.clone()),
            "ids": of(
                "Of `fail-items`: the items that fail; the first one if absent.",
                json!({"type": "array", "items": string()}),
            ),
            "window": of("Of `stale-reads`, which requires it: the maximum age of the state that is read.", duration.clone())
        }),
    );
    effect["description"] = "The effect of a fault. Each field belongs to some of the types.".into();
    effect
}
