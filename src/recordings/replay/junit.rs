//! The report of a replay as JUnit XML.

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::report::Report;

impl Report {
    /// Returns the report as JUnit XML: a test case for each exchange.
    ///
    /// # Errors
    /// The reason why it cannot be written as XML.
    pub fn to_junit(&self) -> Result<String, String> {
        let mut suite = TestSuite::new("replay");
        for exchange in &self.exchanges {
            let status = match &exchange.skipped {
                Some(reason) => {
                    let mut status = TestCaseStatus::skipped();
                    status.set_message(reason.clone());
                    status
                }
                None if exchange.is_different() => {
                    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                    let different = exchange.differences.iter().filter(|difference| !difference.is_accepted);
                    let lines: Vec<String> = different.map(ToString::to_string).collect();
                    status.set_message(lines.first().cloned().unwrap_or_default());
                    status.set_type("difference");
                    let rule = exchange.rule.as_ref();
                    let rule = rule.map(|rule| format!("rule {} ({})\n", rule.id, rule.evidence));
                    status.set_description(format!("{}{}", rule.unwrap_or_default(), lines.join("\n")));
                    status
                }
                None => TestCaseStatus::success(),
            };
            let mut case = TestCase::new(format!("{} {}", exchange.place, exchange.request), status);
            case.set_classname(exchange.operation.clone().unwrap_or_else(|| "none".to_owned()));
            suite.add_test_case(case);
        }
        let mut report = quick_junit::Report::new("access-groups-mock");
        report.add_test_suite(suite);
        report.to_string().map_err(|error| error.to_string())
    }
}
