//! `Outline`: a long JSON document without the items of its long lists.
//!
//! Imports its sibling `json_text`. It does not check that the document is valid: it is, if the outline and the items are.

use std::io;
use std::ops::Range;

use memchr::memchr2;

use super::json_text::JsonText;

/// The minimum length in bytes of the parts in which the items of a list are read, except the last one.
const BLOCK_BYTES: u64 = if cfg!(test) { 64 } else { 128 * 1024 };

/// A long JSON document without the items of its long lists.
#[derive(Debug)]
pub struct Outline {
    /// The document with empty lists.
    pub json: Vec<u8>,
    /// The lists.
    pub lists: Vec<OutlinedList>,
}

/// The items of a long list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlinedList {
    /// The names of the fields that lead to the list.
    pub path: Vec<String>,
    /// The parts of the document with the items, whole items with commas between them; only a single part can be blank.
    pub blocks: Vec<Range<u64>>,
}

impl Outline {
    /// Returns the outline of `text`; `is_long` returns whether the list at a path is one of the long lists.
    ///
    /// # Errors
    /// The text cannot be read.
    pub fn read(text: &JsonText, is_long: impl Fn(&[&str]) -> bool) -> io::Result<Self> {
        let mut scanner = Scanner {
            is_long,
            outline: Self { json: Vec::new(), lists: Vec::new() },
            containers: Vec::new(),
            expects_name: false,
            string: None,
            is_escaped: false,
            list: None,
        };
        let mut position = 0;
        text.for_each_part(|part| {
            scanner.scan(part, position);
            position += part.len() as u64;
        })?;
        Ok(scanner.outline)
    }
}

/// An object or array outside of the long lists.
#[derive(Debug)]
enum Container {
    /// An object, and the name of its last field, as it is written.
    Object(String),
    Array,
}

/// A long list that is being scanned.
#[derive(Debug)]
struct OpenList {
    /// The number of open objects and arrays in the list.
    depth: usize,
    /// The start of the current block.
    block: u64,
}

struct Scanner<F> {
    is_long: F,
    outline: Outline,
    /// The open objects and arrays outside of the long lists.
    containers: Vec<Container>,
    /// Whether the next string is the name of a field.
    expects_name: bool,
    /// In a string: where its content starts in the outline.
    string: Option<usize>,
    /// Whether the previous byte is a backslash in a string.
    is_escaped: bool,
    list: Option<OpenList>,
}

impl<F: Fn(&[&str]) -> bool> Scanner<F> {
    /// Scans the next part of the document, which starts at `position`.
    fn scan(&mut self, part: &[u8], position: u64) {
        let mut at = 0;
        while at < part.len() {
            at += self.scan_list(&part[at..], position + at as u64);
            if at == part.len() {
                return;
            }
            let was_in_list = self.list.is_some();
            let len = match self.string {
                Some(start) => self.scan_string(&part[at..], start),
                None => {
                    self.scan_byte(part[at], position + at as u64);
                    1
                }
            };
            // The brackets of a list are in the outline.
            if !was_in_list || self.list.is_none() {
                self.outline.json.extend_from_slice(&part[at..at + len]);
            }
            at += len;
        }
    }

    /// Scans whole strings and other bytes in a long list, at most to its end; returns their length.
    fn scan_list(&mut self, rest: &[u8], position: u64) -> usize {
        let (Some(list), Some(outlined), None) = (&mut self.list, self.outline.lists.last_mut(), self.string)
        else {
            return 0;
        };
        let mut at = 0;
        while at < rest.len() {
            match rest[at] {
                b'"' => match string_len(&rest[at + 1..]) {
                    Some(len) => at += len,
                    None => break,
                },
                b'{' | b'[' => list.depth += 1,
                b']' if list.depth == 0 => break,
                b'}' | b']' => list.depth = list.depth.saturating_sub(1),
                b',' if list.depth == 0 && position + at as u64 - list.block >= BLOCK_BYTES => {
                    outlined.blocks.push(list.block..position + at as u64);
                    list.block = position + at as u64 + 1;
                }
                _ => {}
            }
            at += 1;
        }
        at
    }

    /// Scans a part of a string, at most to its end; returns the length of the part.
    fn scan_string(&mut self, rest: &[u8], start: usize) -> usize {
        if self.is_escaped {
            self.is_escaped = false;
            return 1;
        }
        let Some(end) = memchr2(b'"', b'\\', rest) else { return rest.len() };
        self.is_escaped = rest[end] == b'\\';
        if !self.is_escaped {
            self.string = None;
            if self.expects_name
                && let Some(Container::Object(name)) = self.containers.last_mut()
            {
                let bytes = [&self.outline.json[start..], &rest[..end]].concat();
                *name = String::from_utf8_lossy(&bytes).into_owned();
                self.expects_name = false;
            }
        }
        end + 1
    }

    /// Scans a byte outside of a string.
    fn scan_byte(&mut self, byte: u8, position: u64) {
        if byte == b'"' {
            self.string = Some(self.outline.json.len() + 1);
        } else if let (Some(list), Some(outlined)) = (self.list.take(), self.outline.lists.last_mut()) {
            // The only other byte at which `scan_list` stops is the end of the list.
            outlined.blocks.push(list.block..position);
        } else {
            match byte {
                b'{' => {
                    self.containers.push(Container::Object(String::new()));
                    self.expects_name = true;
                }
                b'[' => self.open_array(position),
                b'}' | b']' => {
                    self.containers.pop();
                    self.expects_name = false;
                }
                b',' => self.expects_name = matches!(self.containers.last(), Some(Container::Object(_))),
                _ => {}
            }
        }
    }

    fn open_array(&mut self, position: u64) {
        self.expects_name = false;
        let names = self.containers.iter().map(|container| match container {
            Container::Object(name) => Some(name.as_str()),
            Container::Array => None,
        });
        match names.collect::<Option<Vec<&str>>>().filter(|path| (self.is_long)(path)) {
            Some(path) => {
                let path = path.into_iter().map(str::to_owned).collect();
                self.outline.lists.push(OutlinedList { path, blocks: Vec::new() });
                self.list = Some(OpenList { depth: 0, block: position + 1 });
            }
            None => self.containers.push(Container::Array),
        }
    }
}

/// Returns the length of the rest of a string with its closing quote; `None` if it does not end in `rest`.
fn string_len(rest: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr2(b'"', b'\\', rest.get(at..)?)?;
        if rest[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// Returns the outline of a document whose lists `long` are long, and the texts of their blocks.
    fn outline(json: &str) -> (String, Vec<(String, Vec<String>)>) {
        let text = JsonText::Memory(Arc::new(json.to_owned()));
        let outline = Outline::read(&text, |path| path.last() == Some(&"long")).unwrap();
        let block = |range: &Range<u64>| {
            let mut bytes = Vec::new();
            text.read(range.clone(), &mut bytes).unwrap();
            String::from_utf8(bytes).unwrap()
        };
        let lists = outline.lists.iter();
        let lists = lists.map(|list| (list.path.join("."), list.blocks.iter().map(block).collect()));
        (String::from_utf8(outline.json).unwrap(), lists.collect())
    }

    #[test]
    fn long_lists_are_left_out_and_others_are_kept() {
        let json = r#" {"a":{"long":[ {"x":"]\"}","y":[1]} , 2],"long\n":[3]},"b":[{"long":[4]}],"long":[],"c":"["} "#;

        let (outline, lists) = outline(json);

        assert_eq!(outline, r#" {"a":{"long":[],"long\n":[3]},"b":[{"long":[4]}],"long":[],"c":"["} "#);
        let expected = [("a.long", r#" {"x":"]\"}","y":[1]} , 2"#), ("long", "")];
        let expected = expected.map(|(path, block)| (path.to_owned(), vec![block.to_owned()]));
        assert_eq!(lists, expected);
    }

    #[test]
    fn blocks_end_between_items() {
        let items: Vec<String> =
            (0..40).map(|number| format!(r#"{{"number":[{number},"\"],["]}}"#)).collect();

        let (outline, lists) = outline(&format!(r#"{{"long":[{}]}}"#, items.join(",")));

        assert_eq!(outline, r#"{"long":[]}"#);
        assert!(lists[0].1.len() > 5);
        assert_eq!(lists[0].1.join(","), items.join(","));
    }

    #[test]
    fn unbalanced_document_does_not_panic() {
        for json in ["", "]", "}{", r#"{"long":[}}]],[1"#, r#"{"long":["#, r#"{"long":["\"#, "[[", r#"{""#] {
            outline(json);
        }
    }
}
