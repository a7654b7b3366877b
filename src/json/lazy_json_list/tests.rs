//! Tests of lists whose items are read from JSON, from a text and from a state.

use serde_json::{Map, Value};

use super::super::outline::Outline;
use super::*;

impl ListItem for u32 {
    type Item<'a> = Self;
    type Shown<'a> = Self;
    type Saved<'a> = Self;

    fn is_marked(item: &Self) -> bool {
        *item == 7
    }
}

impl ListItem for String {
    type Item<'a> = &'a str;
    type Shown<'a> = Self;
    type Saved<'a> = &'a str;
}

impl ListItem for Map<String, Value> {
    type Item<'a> = Self;
    type Shown<'a> = Self;
    type Saved<'a> = Self;
}

/// Returns the list in the field `list` of `json`, of which only the text is kept, and which is not checked.
fn list_of_text<T: ListItem>(json: &str) -> LazyJsonList<T> {
    let text = JsonText::Memory(Arc::new(json.to_owned()));
    let outline = Outline::read(&text, |path| path == ["list"]).unwrap();
    LazyJsonList::from_text(&text, &outline.lists[0].blocks).unwrap()
}

fn try_items(list: &LazyJsonList<u32>) -> Result<Vec<u32>, ChangedText> {
    let mut items = Vec::new();
    list.for_each(|index, item| {
        assert_eq!(index, items.len());
        items.push(item);
        Ok::<(), ChangedText>(())
    })?;
    Ok(items)
}

/// Returns the marked items with their indexes.
fn marked_items(list: &LazyJsonList<u32>) -> Vec<(usize, u32)> {
    let mut marked = Vec::new();
    let visited = list.for_each_marked(|index, item| {
        marked.push((index, item));
        Ok::<(), ChangedText>(())
    });
    visited.unwrap();
    marked
}

#[test]
fn list_round_trips_through_its_items_and_its_json() {
    let json = r#"[{"name":"é","scale":1.5},{"name":null},{}]"#;

    let list: LazyJsonList<Map<String, Value>> = serde_json::from_str(json).unwrap();

    let (mut lens, mut copied) = (Vec::new(), LazyJsonList::<Map<String, Value>>::default());
    let visited = list.for_each(|_, item| {
        lens.push(item.len());
        copied.push(&item);
        Ok::<(), ChangedText>(())
    });
    assert_eq!((visited, lens), (Ok(()), vec![2, 1, 0]));
    assert_eq!(serde_json::to_string(&list).unwrap(), json);
    assert_eq!(serde_json::to_string(&copied).unwrap(), json);
}

#[test]
fn long_list_is_read_in_order_and_as_far_as_needed() {
    let json = (0..300_000).map(|number| number.to_string()).collect::<Vec<_>>().join(" , ");
    let mut stored = LazyJsonList::<u32>::default();
    (0..300_000_u32).for_each(|number| stored.push(&number));
    let of_text = list_of_text(&format!(r#"{{"list":[{json}]}}"#));
    assert_eq!((of_text.check().unwrap(), of_text.check().unwrap()), (true, false));
    let of_state = LazyJsonList::from_state(300_000, |count, mut share| {
        Box::new((0..*count).filter(move |_| share.has_next()))
    });

    for list in [stored, of_text, of_state] {
        assert_eq!(try_items(&list), Ok((0..300_000).collect::<Vec<_>>()));
        let mut read = Vec::new();
        let stopped = list.for_each_parsed(
            |number| u64::from(number) * 2,
            |index, double| {
                read.push((index, double));
                if index == 1 { Err(ChangedText) } else { Ok(()) }
            },
        );
        assert_eq!((stopped, read), (Err(ChangedText), vec![(0, 0), (1, 2)]));
        assert_eq!(serde_json::to_string(&list).unwrap(), format!("[{}]", json.replace(' ', "")));
        assert_eq!(marked_items(&list), [(7, 7)]);
    }
}

#[test]
fn list_of_a_state_is_like_a_list_of_its_items() {
    let list = LazyJsonList::<String>::from_state(["a".to_owned(), "b".to_owned()], |names, mut share| {
        Box::new(names.iter().filter(move |_| share.has_next()).map(String::as_str))
    });
    let empty = LazyJsonList::<u32>::from_state((), |(), _| Box::new(std::iter::empty()));

    assert!(!list.is_empty() && empty.is_empty());
    assert_eq!(serde_json::to_string(&list).unwrap(), r#"["a","b"]"#);
    assert_eq!(try_items(&empty), Ok(Vec::new()));
}

#[test]
fn list_of_a_text_is_rejected_if_any_item_or_comma_is_wrong() {
    for list in ["1,", ",1", "1,,2", "1 2", "1,\"2\"", ","] {
        for list in [list.to_owned(), format!("{}{list}", "100000,".repeat(100))] {
            let list = list_of_text(&format!(r#"{{"list":[{list}]}}"#));
            assert_eq!(try_items(&list), Err(ChangedText));
            assert!(list.check().is_err());
        }
    }
    assert!(list_of_text::<u32>(r#"{"list":[ ]}"#).is_empty());
}

#[test]
fn list_of_a_text_that_was_not_checked_is_read_unless_an_item_is_marked_or_has_duplicate_names() {
    assert_eq!(try_items(&list_of_text(r#"{"list":[1, 2]}"#)), Ok(vec![1, 2]));

    let marked = list_of_text(r#"{"list":[6, 7]}"#);
    assert_eq!((try_items(&marked), marked_items(&marked)), (Err(ChangedText), Vec::new()));
    marked.check().unwrap();
    assert_eq!((try_items(&marked), marked_items(&marked)), (Ok(vec![6, 7]), vec![(1, 7)]));

    let duplicates = list_of_text::<Map<String, Value>>(r#"{"list":[{"a":[{"b":1,"b":2}]}]}"#);
    assert_eq!(duplicates.for_each(|_, _| Ok(())), Err(ChangedText));
    assert!(duplicates.check().is_err() && serde_json::to_string(&duplicates).is_err());
}

#[test]
fn changed_file_is_an_error() {
    let path = std::env::temp_dir().join(format!("changed-{}.json", std::process::id()));
    std::fs::write(&path, r#"{"list":[1,2]}"#).unwrap();
    let text = JsonText::from_file(std::fs::File::open(&path).unwrap()).unwrap();
    let outline = Outline::read(&text, |path| path == ["list"]).unwrap();
    let list = LazyJsonList::<u32>::from_text(&text, &outline.lists[0].blocks).unwrap();
    list.check().unwrap();
    assert_eq!(try_items(&list), Ok(vec![1, 2]));

    std::fs::write(&path, r#"{"list":["a"]}"#).unwrap();

    assert_eq!(try_items(&list), Err(ChangedText));
    assert!(serde_json::to_string(&list).is_err());
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn empty_list_has_no_items() {
    let list: LazyJsonList<u32> = serde_json::from_str("[]").unwrap();

    assert!(list.is_empty());
    assert_eq!(try_items(&list), Ok(Vec::new()));
    assert_eq!(serde_json::to_string(&list).unwrap(), "[]");
}

#[test]
fn non_list_is_rejected_with_the_usual_message() {
    let error = serde_json::from_str::<LazyJsonList<u32>>("7").unwrap_err();

    assert_eq!(error.to_string(), "invalid type: integer `7`, expected a sequence at line 1 column 1");
}
