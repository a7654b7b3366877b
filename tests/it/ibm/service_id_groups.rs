//! Service id groups.

use serde_json::json;

use super::field_values;
use crate::support::TestServer;

const LIST: &str = "/v1/serviceid_groups";

#[test]
fn a_service_id_group_has_a_life_cycle() {
    let mock = TestServer::start();
    mock.put("/__admin/clock").json(json!({"mode": "frozen", "now": "2026-01-02T03:04:05Z"})).send();
    let body = json!({"account_id": "a", "name": "one", "description": "d", "entity_tag": "9-x", "created_by": "me"});

    let response = mock.post(LIST).json(body).send().expect(201);

    let created = response.json();
    let id = created["id"].as_str().unwrap().to_owned();
    let tag = created["entity_tag"].as_str().unwrap().to_owned();
    assert!(tag.starts_with("1-") && tag.len() == 34, "{tag}");
    assert_eq!(response.header("etag"), tag);
    let expected = json!({
        "id": id,
        "entity_tag": tag,
        "account_id": "a",
        "crn": format!("crn:v1:bluemix:public:iam-identity::a/a::serviceid-group:{id}"),
        "created_at": "2026-01-02T03:04:05Z",
        "created_by": "IBMid-mock",
        "modified_at": "2026-01-02T03:04:05Z",
        "name": "one",
        "description": "d"
    });
    assert_eq!(created, expected);
    let item = format!("{LIST}/{id}");
    assert_eq!(mock.get(&item).send().expect(200).text(), response.text());
    let update = |tag: &str| mock.put(&item).header("if-match", tag).json(json!({"name": "two"})).send();
    update("1-0").expect(412);
    let updated = update(&tag).expect(200);
    assert_eq!((&updated.json()["name"], &updated.json()["description"]), (&json!("two"), &json!("d")));
    assert!(updated.header("etag").starts_with("2-"), "{}", updated.header("etag"));
    update(&tag).expect(412);
    assert!(update("*").expect(200).header("etag").starts_with("3-"));
    let names = |query: &str| {
        let list = mock.get(&format!("{LIST}?account_id=a{query}")).send().expect(200).json();
        field_values(&list, "serviceid_groups", "name")
    };
    assert_eq!((names(""), names("&name=one")), (vec!["two".to_owned()], Vec::new()));
    mock.delete(&item).send().expect(204);
    let gone = mock.get(&item).send().expect(404).json();
    assert_eq!(gone["errors"][0]["code"], "serviceid_group_not_found");
    assert_eq!(gone["errors"][0]["message_code"], "BXNIM0060E");
    mock.delete(&item).send().expect(404);
}

#[test]
fn names_are_unique_in_an_account_and_survive_a_saved_state() {
    let mock = TestServer::start();
    let create = |mock: &TestServer, account: &str| {
        mock.post(LIST).json(json!({"account_id": account, "name": "one"})).send()
    };
    create(&mock, "a").expect(201);
    create(&mock, "b").expect(201);

    let other = TestServer::with_seed(&mock.get("/__admin/state").send().expect(200).text());

    let conflict = create(&other, "a").expect(409).json();
    assert_eq!(conflict["errors"][0]["code"], "serviceid_group_name_conflict");
    let list = format!("{LIST}?account_id=a");
    assert_eq!(other.get(&list).send().expect(200).text(), mock.get(&list).send().expect(200).text());
}
