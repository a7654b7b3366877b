//! The string in a JSON string literal.

/// Returns the string that a JSON string literal contains, in the memory of the literal: the texts of bodies are large.
///
/// Returns `None` for what is not a string literal, and for one with half of a surrogate pair.
pub(super) fn unescape(literal: String) -> Option<String> {
    let mut bytes = literal.into_bytes();
    let end = bytes.len().checked_sub(1).filter(|end| *end > 0 && bytes[0] == b'"' && bytes[*end] == b'"')?;
    // What is written is never longer than what was read.
    let (mut read, mut written) = (1, 0);
    while read < end {
        let plain = memchr::memchr(b'\\', &bytes[read..end]).unwrap_or(end - read);
        bytes.copy_within(read..read + plain, written);
        (read, written) = (read + plain, written + plain);
        if read < end {
            let (char, length) = escape(&bytes[read + 1..end])?;
            written += char.encode_utf8(&mut bytes[written..]).len();
            read += 1 + length;
        }
    }
    bytes.truncate(written);
    String::from_utf8(bytes).ok()
}

/// Returns the character of the escape after a backslash, and the length of the escape.
fn escape(text: &[u8]) -> Option<(char, usize)> {
    let char = match text.first()? {
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode_escape(text),
        byte @ (b'"' | b'\\' | b'/') => char::from(*byte),
        _ => return None,
    };
    Some((char, 1))
}

/// Returns the character of an escape such as `u00e9`, which can be one of two that form a pair.
fn unicode_escape(text: &[u8]) -> Option<(char, usize)> {
    const LENGTH: usize = "u0000".len();
    const PAIR: usize = r"ud800\udc00".len();
    let first = code_unit(text)?;
    if let Some(char) = char::from_u32(first.into()) {
        return Some((char, LENGTH));
    }
    let second = code_unit(text.get(LENGTH..)?.strip_prefix(b"\\")?)?;
    let pair = char::decode_utf16([first, second]).next()?;
    pair.ok().map(|char| (char, PAIR))
}

/// Returns the number in an escape such as `u00e9`.
fn code_unit(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"u")?.get(..4)?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
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
            r#""a\nb\\""#,
        ] {
            let expected: String = serde_json::from_str(literal).unwrap();
            assert_eq!(unescape(literal.to_owned()), Some(expected), "{literal}");
        }
    }

    #[test]
    fn what_is_no_string_is_none() {
        for literal in [
            "",
            "\"",
            "null",
            "[1]",
            r#""\ud83d""#,
            r#""\ud83dx""#,
            r#""\ud83d\n""#,
            r#""\ude00""#,
            r#""\u12""#,
            r#""\x""#,
        ] {
            assert_eq!(unescape(literal.to_owned()), None, "{literal}");
        }
    }
}
