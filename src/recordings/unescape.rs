//! The string in a JSON string literal.

/// Returns the string that a JSON string literal contains, allocated once and not larger than the literal.
///
/// `serde_json` collects a string with escapes in a buffer that grows to up to twice its size, and then copies it.
///
/// Returns `None` for what is not a string literal, and for one with half of a surrogate pair.
pub(super) fn unescape(literal: &str) -> Option<String> {
    let mut rest = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut string = String::with_capacity(rest.len());
    while let Some(backslash) = rest.find('\\') {
        string.push_str(&rest[..backslash]);
        let mut after = rest[backslash + 1..].chars();
        string.push(match after.next()? {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let (char, tail) = unicode_escape(after.as_str())?;
                after = tail.chars();
                char
            }
            char @ ('"' | '\\' | '/') => char,
            _ => return None,
        });
        rest = after.as_str();
    }
    string.push_str(rest);
    Some(string)
}

/// Returns the character of an escape after `\u`, which can be a pair of escapes, and what follows it.
fn unicode_escape(text: &str) -> Option<(char, &str)> {
    let (first, rest) = code_unit(text)?;
    if let Some(char) = char::from_u32(first.into()) {
        return Some((char, rest));
    }
    let (second, rest) = code_unit(rest.strip_prefix("\\u")?)?;
    let pair = char::decode_utf16([first, second]).next()?;
    pair.ok().map(|char| (char, rest))
}

fn code_unit(text: &str) -> Option<(u16, &str)> {
    let digits = text.get(..4).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    u16::from_str_radix(digits, 16).ok().map(|unit| (unit, &text[4..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn string_is_that_of_serde_json() {
        for literal in [
            r#""""#,
            r#""plain""#,
            r#""\"\\\/\b\f\n\r\t""#,
            r#""a\u0000\u00e9\u20AC z""#,
            r#""\ud83d\ude00!""#,
            r#""é€😀""#,
        ] {
            let expected: String = serde_json::from_str(literal).unwrap();
            assert_eq!(unescape(literal), Some(expected), "{literal}");
        }
    }

    #[test]
    fn what_is_no_string_is_none() {
        for literal in
            ["", "\"", "null", "[1]", r#""\ud83d""#, r#""\ud83dx""#, r#""\ude00""#, r#""\u12""#, r#""\x""#]
        {
            assert_eq!(unescape(literal), None, "{literal}");
        }
    }
}
