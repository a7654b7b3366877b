//! Properties of fault schedules.

use access_groups_mock::{Effect, Fault, Refused, Schedule, Span};
use proptest::prelude::*;

prop_compose! {
    fn schedules()(
        times in prop::option::of(1_u64..9),
        after in prop::option::of(0_u64..9),
        every in prop::option::of(1_u64..5),
        percent in prop::option::of(0_u32..=100),
        until in prop::option::of(0_i64..4_000_000_000),
        lasts in prop::option::of(0_i64..100_000_000),
    ) -> Schedule {
        Schedule {
            times,
            after,
            every,
            probability: percent.map(|percent| f64::from(percent) / 100.0),
            until: until.map(|seconds| chrono::DateTime::from_timestamp(seconds, 0).unwrap()),
            lasts: lasts.map(Span::milliseconds),
        }
    }
}

/// The schedule in the words of the header.
fn in_header(schedule: &Schedule) -> String {
    let mut text = String::from("status=503");
    let parts = [
        ("times", schedule.times.map(|it| it.to_string())),
        ("after", schedule.after.map(|it| it.to_string())),
        ("every", schedule.every.map(|it| it.to_string())),
        ("probability", schedule.probability.map(|it| it.to_string())),
        ("until", schedule.until.map(|it| it.to_rfc3339())),
        ("for", schedule.lasts.map(|it| it.to_string())),
    ];
    for (name, value) in parts {
        if let Some(value) = value {
            text = format!("{text};{name} = {value}");
        }
    }
    text
}

proptest! {
    #[test]
    fn a_schedule_says_the_same_in_the_header_in_json_and_when_it_is_listed(schedule in schedules()) {
        let fault = Fault::new(Effect::Status(Refused::new(503))).when(schedule.clone());

        let by_header = Fault::of_header(&in_header(&schedule)).unwrap();
        let written = serde_json::to_vec(&fault).unwrap();
        let by_json = Fault::read(&written).unwrap();

        prop_assert_eq!(&by_header, &vec![fault.clone()]);
        prop_assert_eq!(&by_json, &vec![fault]);
    }
}
