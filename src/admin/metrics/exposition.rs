//! `Exposition`: a text in the format of Prometheus, version 0.0.4.

use std::fmt::{Display, Write};

/// A text in the format of Prometheus: families of samples, each after its `HELP` and `TYPE`.
///
/// <https://prometheus.io/docs/instrumenting/exposition_formats/>
#[derive(Debug, Default)]
pub(super) struct Exposition {
    text: String,
    /// The name of the family to which samples are added.
    family: String,
}

impl Exposition {
    /// Starts a family of values that only increase.
    pub(super) fn counter(&mut self, name: &str, help: &str) {
        self.start(name, "counter", help);
    }

    /// Starts a family of values that may also decrease.
    pub(super) fn gauge(&mut self, name: &str, help: &str) {
        self.start(name, "gauge", help);
    }

    fn start(&mut self, name: &str, kind: &str, help: &str) {
        name.clone_into(&mut self.family);
        let help = help.replace('\\', "\\\\").replace('\n', "\\n");
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} {kind}"));
    }

    /// Adds a sample to the family that was started last.
    pub(super) fn sample(&mut self, labels: &[(&str, &str)], value: &dyn Display) {
        let labels: Vec<String> =
            labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escape(value))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let sample = format!("{}{labels} {value}", self.family);
        self.line(format_args!("{sample}"));
    }

    /// Adds a sample like [`Exposition::sample`], unless it is zero.
    pub(super) fn sample_above_zero(&mut self, labels: &[(&str, &str)], value: u64) {
        if value > 0 {
            self.sample(labels, &value);
        }
    }

    /// Returns the text.
    pub(super) fn finish(self) -> String {
        self.text
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        writeln!(self.text, "{line}").expect("a String accepts everything");
    }
}

/// Escapes the value of a label.
fn escape(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_families_with_escaped_help_and_labels() {
        let mut text = Exposition::default();
        text.counter("a_total", "one\\two\nthree \"four\"");
        text.sample(&[], &1);
        text.sample_above_zero(&[("b", "c")], 0);
        text.gauge("d", "five");
        text.sample(&[("e", "f\"g\\h\ni"), ("j", "")], &-2);

        assert_eq!(
            text.finish(),
            "# HELP a_total one\\\\two\\nthree \"four\"\n\
             # TYPE a_total counter\n\
             a_total 1\n\
             # HELP d five\n\
             # TYPE d gauge\n\
             d{e=\"f\\\"g\\\\h\\ni\",j=\"\"} -2\n"
        );
    }
}
