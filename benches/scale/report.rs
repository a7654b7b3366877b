//! The tables: operation by size, and what a slow search does to others.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;
use std::path::Path;

use crate::SIZES;

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/performance.md");
const BEGIN: &str = "<!-- scale: begin -->";
const END: &str = "<!-- scale: end -->";

/// What was measured: the figures of each operation by size, in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Curves(Vec<(String, Vec<Curve>)>);

#[derive(Debug)]
struct Curve {
    name: String,
    unit: String,
    by_size: BTreeMap<u32, u64>,
}

impl Curves {
    /// Takes what a worker wrote of a dialect at a size.
    pub(crate) fn read(&mut self, dialect: &str, size: u32, text: &str) {
        if self.0.last().is_none_or(|(name, _)| name != dialect) {
            self.0.push((dialect.to_owned(), Vec::new()));
        }
        let Some((_, curves)) = self.0.last_mut() else { return };
        for line in text.lines() {
            let mut words = line.split('\t');
            let (Some(name), Some(number), Some(unit)) = (words.next(), words.next(), words.next()) else {
                continue;
            };
            let Ok(number) = number.parse() else { continue };
            if let Some(curve) = curves.iter_mut().find(|curve| curve.name == name) {
                curve.by_size.insert(size, number);
            } else {
                let by_size = BTreeMap::from([(size, number)]);
                curves.push(Curve { name: name.to_owned(), unit: unit.to_owned(), by_size });
            }
        }
    }
}

/// Returns the tables.
pub(crate) fn text(curves: &Curves, pressure: &str, max: u32) -> String {
    let sizes: Vec<u32> = SIZES.into_iter().filter(|size| *size <= max).collect();
    let mut text = String::new();
    for (dialect, curves) in &curves.0 {
        let _ = write!(text, "\n### {dialect}\n\n| operation |");
        for size in &sizes {
            let _ = write!(text, " {} |", thousands(*size));
        }
        let _ = write!(text, " ratio |\n|---|{}\n", "---:|".repeat(sizes.len() + 1));
        for Curve { name, unit, by_size } in curves {
            let _ = write!(text, "| {name} |");
            for size in &sizes {
                let _ =
                    write!(text, " {} |", by_size.get(size).map_or_else(String::new, |it| shown(*it, unit)));
            }
            let ratio = ratio(by_size).map_or_else(String::new, |ratio| format!("{ratio:.1}"));
            let _ = writeln!(text, " {ratio} |");
        }
    }
    if !pressure.is_empty() {
        let _ = write!(
            text,
            "\n### While others search ({} groups, in ms)\n\n\
             | searching clients | searches in 5 s | | median | p99 | longest |\n|---:|---:|---|---:|---:|---:|\n",
            thousands(max)
        );
        for line in pressure.lines() {
            let _ = writeln!(text, "| {} |", line.replace('\t', " | "));
        }
    }
    text
}

/// Puts the tables into the document, in the place of the former ones.
pub(crate) fn write(text: &str) -> io::Result<()> {
    let document = if Path::new(DOCUMENT).exists() {
        std::fs::read_to_string(DOCUMENT)?
    } else {
        format!("# Performance\n\n## Scale\n\n{BEGIN}\n{END}\n")
    };
    let parts = document.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) =
        parts.ok_or_else(|| io::Error::other("the document has no place for the tables"))?;
    std::fs::write(DOCUMENT, format!("{before}{BEGIN}\n{text}\n{END}{after}"))
}

/// How many times the figure of the smallest size that of the largest is.
fn ratio(by_size: &BTreeMap<u32, u64>) -> Option<f64> {
    let (first, last) = (by_size.first_key_value()?, by_size.last_key_value()?);
    (first.0 < last.0 && *first.1 > 0).then(|| *last.1 as f64 / *first.1 as f64)
}

fn shown(number: u64, unit: &str) -> String {
    let number = number as f64;
    match unit {
        "ns" if number < 1e6 => format!("{:.1} µs", number / 1e3),
        "ns" if number < 1e9 => format!("{:.1} ms", number / 1e6),
        "ns" => format!("{:.2} s", number / 1e9),
        _ => format!("{number} {unit}"),
    }
}

fn thousands(number: u32) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}
