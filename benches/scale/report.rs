//! The tables: operations by size, and latency during slow searches.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;
use std::path::Path;

use crate::SIZES;

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/performance.md");
const BEGIN: &str = "<!-- scale: begin -->";
const END: &str = "<!-- scale: end -->";

/// The results of each operation by size, in the order of measurement.
#[derive(Debug, Default)]
pub(crate) struct Curves(Vec<(String, Vec<Curve>)>);

#[derive(Debug)]
struct Curve {
    name: String,
    unit: String,
    by_size: BTreeMap<u32, u64>,
}

impl Curves {
    /// Adds the output of a worker for a dialect and size.
    pub(crate) fn add(&mut self, dialect: &str, size: u32, output: &str) {
        if self.0.last().is_none_or(|(name, _)| name != dialect) {
            self.0.push((dialect.to_owned(), Vec::new()));
        }
        let Some((_, curves)) = self.0.last_mut() else { return };
        for line in output.lines() {
            let mut cells = line.split('\t');
            let (Some(name), Some(number), Some(unit)) = (cells.next(), cells.next(), cells.next()) else {
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

/// Returns the tables in Markdown.
pub(crate) fn tables(curves: &Curves, pressure: &str, max: u32) -> String {
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
                let _ = write!(
                    text,
                    " {} |",
                    by_size.get(size).map_or_else(String::new, |value| format_value(*value, unit))
                );
            }
            let ratio = ratio(by_size).map_or_else(String::new, |ratio| format!("{ratio:.1}"));
            let _ = writeln!(text, " {ratio} |");
        }
    }
    if !pressure.is_empty() {
        let _ = write!(
            text,
            "\n### Latency during searches of other clients ({} groups, in ms)\n\n\
             | searching clients | searches in 5 s | request | median | p99 | max |\n|---:|---:|---|---:|---:|---:|\n",
            thousands(max)
        );
        for line in pressure.lines() {
            let _ = writeln!(text, "| {} |", line.replace('\t', " | "));
        }
    }
    text
}

/// Replaces the tables of the document.
pub(crate) fn write(tables: &str) -> io::Result<()> {
    let document = if Path::new(DOCUMENT).exists() {
        std::fs::read_to_string(DOCUMENT)?
    } else {
        format!("# Performance\n\n## Scale\n\n{BEGIN}\n{END}\n")
    };
    let parts = document.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) =
        parts.ok_or_else(|| io::Error::other("the document has no markers for the tables"))?;
    std::fs::write(DOCUMENT, format!("{before}{BEGIN}\n{tables}\n{END}{after}"))
}

/// Returns the ratio of the result for the largest size to that for the smallest, if that was measured.
fn ratio(by_size: &BTreeMap<u32, u64>) -> Option<f64> {
    let (first, last) = (by_size.first_key_value()?, by_size.last_key_value()?);
    (*first.0 == SIZES[0] && first.0 < last.0 && *first.1 > 0).then(|| *last.1 as f64 / *first.1 as f64)
}

fn format_value(number: u64, unit: &str) -> String {
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
