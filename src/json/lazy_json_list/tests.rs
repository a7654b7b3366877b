//! Tests of lists whose items are read from JSON, from a text and from a state.

use super::super::outline::Outline;
use super::*;

impl ListItem for u32 {
    type Saved<'a> = Self;

    fn is_marked(&self) -> bool {
        *self == 7
    }
}

impl ListItem for String {
    type Saved<'a> = &'a str;
}

/// Returns the list in the field `list` of `json`, of which only the text is kept.
fn list_of_text(json: &str) -> Option<LazyJsonList<u32>> {
    let text = JsonText::Memory(Arc::new(json.to_owned()));
    let outline = Outline::read(&text, |path| path == ["list"]).unwrap();
    LazyJsonList::from_text(&text, &outline.lists[0].blocks)
}

fn items<T: ListItem>(list: &LazyJsonList<T>) -> Vec<T> {
    list.iter().map(Result::unwrap).collect()
}

#[test]
fn list_round_trips_through_its_items_and_its_json() {
    let json = r#"[{"name":"é","scale":1.5},{"name":null},{}]"#;

    let list: LazyJsonList<Map<String, Value>> = serde_json::from_str(json).unwrap();

    assert_eq!(items(&list).iter().map(Map::len).collect::<Vec<_>>(), [2, 1, 0]);
    assert_eq!(serde_json::to_string(&list).unwrap(), json);
    let copied: LazyJsonList<_> = items(&list).into_iter().collect();
    assert_eq!(serde_json::to_string(&copied).unwrap(), json);
}

#[test]
fn long_list_is_read_in_order_and_as_far_as_needed() {
    let json = (0..300_000).map(|number| number.to_string()).collect::<Vec<_>>().join(" , ");
    let stored: LazyJsonList<u32> = (0..300_000).collect();
    let of_text = list_of_text(&format!(r#"{{"list":[{json}]}}"#)).unwrap();
    let of_state = LazyJsonList::from_state(300_000, |count| Box::new(0..*count));

    for list in [stored, of_text, of_state] {
        let is_ordered = list.read(|items| {
            (0..300_000).all(|number| items.next() == Some(Ok(number))) && items.next().is_none()
        });
        let second = list.read(|items| items.nth(1));

        assert!(is_ordered);
        assert_eq!(second, Some(Ok(1)));
        assert_eq!(serde_json::to_string(&list).unwrap(), format!("[{}]", json.replace(' ', "")));
        let mut marked = Vec::new();
        list.for_each_marked(|index, item| {
            marked.push((index, item));
            Ok::<(), ChangedText>(())
        })
        .unwrap();
        assert_eq!(marked, [(7, 7)]);
    }
}

#[test]
fn list_of_a_state_is_like_a_list_of_its_items() {
    let list = LazyJsonList::<String>::from_state(["a".to_owned(), "b".to_owned()], |names| {
        Box::new(names.iter().map(String::as_str))
    });
    let empty = LazyJsonList::<u32>::from_state((), |()| Box::new(std::iter::empty()));

    assert!(!list.is_empty() && empty.is_empty());
    assert_eq!(serde_json::to_string(&list).unwrap(), r#"["a","b"]"#);
    assert_eq!(items(&list), ["a", "b"]);
}

#[test]
fn list_of_a_text_is_rejected_if_any_item_or_comma_is_wrong() {
    for list in ["1,", ",1", "1,,2", "1 2", "1,\"2\"", ","] {
        assert!(list_of_text(&format!(r#"{{"list":[{list}]}}"#)).is_none(), "{list}");
        let long = format!("{}{list}", "100000,".repeat(100));
        assert!(list_of_text(&format!(r#"{{"list":[{long}]}}"#)).is_none(), "{list}");
    }
    assert!(list_of_text(r#"{"list":[ ]}"#).is_some_and(|list| list.is_empty()));
}

#[test]
fn changed_file_is_an_error() {
    let path = std::env::temp_dir().join(format!("changed-{}.json", std::process::id()));
    std::fs::write(&path, r#"{"list":[1,2]}"#).unwrap();
    let text = JsonText::from_file(std::fs::File::open(&path).unwrap()).unwrap();
    let outline = Outline::read(&text, |path| path == ["list"]).unwrap();
    let list = LazyJsonList::<u32>::from_text(&text, &outline.lists[0].blocks).unwrap();
    assert_eq!(items(&list), [1, 2]);

    std::fs::write(&path, r#"{"list":["a"]}"#).unwrap();

    assert_eq!(list.iter().collect::<Vec<_>>(), [Err(ChangedText)]);
    assert!(serde_json::to_string(&list).is_err());
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn empty_list_has_no_items() {
    let list: LazyJsonList<u32> = serde_json::from_str("[]").unwrap();

    assert!(list.is_empty());
    assert!(items(&list).is_empty());
    assert_eq!(serde_json::to_string(&list).unwrap(), "[]");
}

#[test]
fn non_list_is_rejected_with_the_usual_message() {
    let error = serde_json::from_str::<LazyJsonList<u32>>("7").unwrap_err();

    assert_eq!(error.to_string(), "invalid type: integer `7`, expected a sequence at line 1 column 1");
}
