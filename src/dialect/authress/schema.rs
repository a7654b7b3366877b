//! The components of `openapi.yaml` for the authress dialect.

use serde_json::{Value, json};

pub(super) fn schemas() -> Value {
    json!({
        "Error": {
            "type": "object",
            "description": "A `ResponseError`: `title` is for people, `errorCode` for programs.",
            "required": ["title", "errorId"],
            "properties": {
                "title": {"type": "string", "minLength": 1},
                "errorCode": {"type": "string", "minLength": 1},
                "errorId": {"type": "string", "format": "uuid", "description": "The request's identifier."}
            },
            "additionalProperties": false
        },
        "GroupRequest": {
            "type": "object",
            "description": "`lastUpdated` and `links` are read-only: accepted with any value and ignored.",
            "required": ["name", "users", "admins"],
            "properties": {
                "groupId": {
                    "type": ["string", "null"],
                    "minLength": 1,
                    "maxLength": 64,
                    "pattern": "^grp_[a-zA-Z0-9-_]+$",
                    "description": "Given by the server where it is absent; ignored in an update."
                },
                "name": name(),
                "lastUpdated": {},
                "users": {"type": "array", "maxItems": 100, "items": {"$ref": "User"}},
                "admins": {"type": "array", "maxItems": 100, "items": {"$ref": "User"}},
                "links": {},
                "tags": {
                    "type": ["object", "null"],
                    "additionalProperties": {"type": "string", "maxLength": 128}
                }
            },
            "additionalProperties": false
        },
        "Group": group(),
        "User": {
            "type": "object",
            "required": ["userId"],
            "properties": {
                "userId": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 128,
                    "pattern": r"^[a-zA-Z0-9+._|\/~:@\s-]+$"
                }
            },
            "additionalProperties": false
        },
        "GroupCollection": group_collection(),
        "Link": {
            "type": "object",
            "required": ["href"],
            "properties": {"href": {"type": "string", "format": "uri", "description": "An absolute URL."}},
            "additionalProperties": false
        }
    })
}

fn name() -> Value {
    json!({"type": "string", "minLength": 1, "maxLength": 128})
}

fn group() -> Value {
    json!({
        "type": "object",
        "required": ["groupId", "name", "lastUpdated", "users", "admins", "links"],
        "properties": {
            "groupId": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^grp_[a-zA-Z0-9-_]+$"},
            "name": name(),
            "lastUpdated": {
                "type": "string",
                "format": "date-time",
                "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$",
                "description": "Grows by at least a millisecond with every update."
            },
            "users": {"type": "array", "maxItems": 100, "items": {"$ref": "User"}},
            "admins": {"type": "array", "maxItems": 100, "items": {"$ref": "User"}},
            "links": {
                "type": "object",
                "required": ["self"],
                "properties": {"self": {"$ref": "Link"}},
                "additionalProperties": false
            },
            "tags": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 128}}
        },
        "additionalProperties": false
    })
}

fn group_collection() -> Value {
    json!({
        "type": "object",
        "description": "`pagination` and `links.next` stand only where there is a next page.",
        "required": ["groups", "links"],
        "properties": {
            "groups": {"type": "array", "maxItems": 20, "items": {"$ref": "Group"}},
            "pagination": {
                "type": "object",
                "required": ["next"],
                "properties": {
                    "next": {
                        "type": "object",
                        "required": ["cursor"],
                        "properties": {"cursor": {"type": "string", "minLength": 1}},
                        "additionalProperties": false
                    }
                },
                "additionalProperties": false
            },
            "links": {
                "type": "object",
                "required": ["self"],
                "properties": {"self": {"$ref": "Link"}, "next": {"$ref": "Link"}},
                "additionalProperties": false
            }
        },
        "additionalProperties": false
    })
}

pub(super) fn security() -> Value {
    json!({
        "oauth2": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "A JWT made with an access key, or the access key itself."
        }
    })
}
