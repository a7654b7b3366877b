//! How the service's validator converts values of other types, as JavaScript does.

use std::borrow::Cow;

use serde_json_borrow::Value;

/// Converts a value to a string: numbers, booleans, `null` (an empty string), and an array with only such a value.
pub fn to_string<'a>(value: &'a Value<'_>) -> Option<Cow<'a, str>> {
    match value {
        Value::Array(items) => match &items[..] {
            [Value::Array(_)] => None,
            [item] => to_string(item),
            _ => None,
        },
        Value::Str(text) => Some(Cow::Borrowed(text)),
        Value::Null => Some(Cow::Borrowed("")),
        Value::Bool(true) => Some(Cow::Borrowed("true")),
        Value::Bool(false) => Some(Cow::Borrowed("false")),
        Value::Number(number) => number.as_f64().map(|number| Cow::Owned(format_number(number))),
        Value::Object(_) => None,
    }
}

/// Returns whether a value is converted to `null` where the schema permits `null`.
pub fn is_null(value: &Value<'_>) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Str(text) => text.is_empty(),
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::Bool(true) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// Parses a number as `Number(text)` does; the result can be infinite.
pub fn parse_number(text: &str) -> Option<f64> {
    let text = text.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}');
    if text.is_empty() {
        return Some(0.0);
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some((start, digits)) = text.split_at_checked(2)
            && start.eq_ignore_ascii_case(prefix)
        {
            return parse_digits(digits, radix);
        }
    }
    match text.strip_prefix(['-', '+']).unwrap_or(text) {
        "Infinity" if text.starts_with('-') => Some(f64::NEG_INFINITY),
        "Infinity" => Some(f64::INFINITY),
        // Rust also accepts `inf` and `nan`.
        unsigned if unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') => {
            text.parse().ok()
        }
        _ => None,
    }
}

fn parse_digits(digits: &str, radix: u32) -> Option<f64> {
    if digits.is_empty() {
        return None;
    }
    digits.chars().try_fold(0.0, |number, digit| {
        digit.to_digit(radix).map(|digit| f64::from(radix).mul_add(number, f64::from(digit)))
    })
}

/// Formats a finite number as `String(number)` does.
fn format_number(number: f64) -> String {
    /// Larger numbers have an exponent.
    const MAX_INTEGER_DIGITS: i32 = 21;
    /// Smaller numbers have an exponent.
    const MIN_POINT: i32 = -6;
    if number == 0.0 {
        return "0".to_owned();
    }
    let sign = if number < 0.0 { "-" } else { "" };
    let scientific = format!("{:e}", number.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits = mantissa.replace('.', "");
    let exponent: i32 = exponent.parse().unwrap_or_default();
    // The position of the decimal point, counted from the start of the digits.
    let point = exponent + 1;
    let count = digits.len();
    match usize::try_from(point) {
        Ok(point) if exponent < MAX_INTEGER_DIGITS && point >= count => {
            format!("{sign}{digits}{}", "0".repeat(point - count))
        }
        Ok(point) if exponent < MAX_INTEGER_DIGITS && point > 0 => {
            format!("{sign}{}.{}", &digits[..point], &digits[point..])
        }
        _ if point > MIN_POINT && point <= 0 => {
            format!("{sign}0.{}{digits}", "0".repeat(usize::try_from(-point).unwrap_or_default()))
        }
        _ => {
            let (first, rest) = digits.split_at(1);
            let point = if rest.is_empty() { "" } else { "." };
            format!("{sign}{first}{point}{rest}e{exponent:+}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_formatted_as_by_javascript() {
        for (number, text) in [
            (5.0, "5"),
            (-0.0, "0"),
            (1.5, "1.5"),
            (-12.25, "-12.25"),
            (100.0, "100"),
            (1e20, "100000000000000000000"),
            (123_456_789_012_345_680_000.0, "123456789012345680000"),
            (1e21, "1e+21"),
            (1.25e300, "1.25e+300"),
            (0.000_001, "0.000001"),
            (0.001_25, "0.00125"),
            (1e-7, "1e-7"),
            (-1.5e-9, "-1.5e-9"),
        ] {
            assert_eq!(format_number(number), text);
        }
    }

    #[test]
    fn numbers_are_parsed_as_by_javascript() {
        for (text, number) in [
            ("", Some(0.0)),
            (" 5\n", Some(5.0)),
            ("+5", Some(5.0)),
            ("05", Some(5.0)),
            ("5.", Some(5.0)),
            (".5e1", Some(5.0)),
            ("1e1", Some(10.0)),
            ("0x1F", Some(31.0)),
            ("0O17", Some(15.0)),
            ("0b101", Some(5.0)),
            ("Infinity", Some(f64::INFINITY)),
            ("-Infinity", Some(f64::NEG_INFINITY)),
            ("1e400", Some(f64::INFINITY)),
        ] {
            assert_eq!(parse_number(text), number, "{text}");
        }
        for text in
            ["x", "inf", "nan", "NaN", "infinity", "1_0", "-0x1", "0x", "0b2", "1e", ".", "+", "5 5", "é"]
        {
            assert_eq!(parse_number(text), None, "{text}");
        }
    }
}
