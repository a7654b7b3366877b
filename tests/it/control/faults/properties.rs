//! Properties of fault schedules.

use access_groups_mock::{Effect, ErrorEffect, Fault, HumanDuration, Schedule};
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
            duration: lasts.map(HumanDuration::from_millis),
        }
    }
}

/// Returns a fault with the schedule in header syntax.
fn in_header(schedule: &Schedule) -> String {
    let mut header = String::from("status=503");
    let parameters = [
        ("times", schedule.times.map(|it| it.to_string())),
        ("after", schedule.after.map(|it| it.to_string())),
        ("every", schedule.every.map(|it| it.to_string())),
        ("probability", schedule.probability.map(|it| it.to_string())),
        ("until", schedule.until.map(|it| it.to_rfc3339())),
        ("for", schedule.duration.map(|it| it.to_string())),
    ];
    for (name, value) in parameters {
        if let Some(value) = value {
            header = format!("{header};{name} = {value}");
        }
    }
    header
}

proptest! {
    #[test]
    fn a_schedule_round_trips_through_header_and_json(schedule in schedules()) {
        let fault = Fault::new(Effect::Status(ErrorEffect::new(503))).when(schedule.clone());

        let by_header = Fault::parse_header(&in_header(&schedule)).unwrap();
        let json = serde_json::to_vec(&fault).unwrap();
        let by_json = Fault::parse(&json).unwrap();

        prop_assert_eq!(&by_header, &vec![fault.clone()]);
        prop_assert_eq!(&by_json, &vec![fault]);
    }
}
