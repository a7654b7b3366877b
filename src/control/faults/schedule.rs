//! `Schedule`: a selection of the requests that match a fault.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::control::human_duration::HumanDuration;
use crate::store::IdGenerator;

/// A selection of the matching requests into which a fault is injected; an empty schedule selects all of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Schedule {
    /// The maximum number of injections; unlimited by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// The number of matching requests that are skipped first; 0 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// Selects every Nth of the requests that follow, starting with the first; 1 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<u64>,
    /// The probability of an injection, from 0 to 1, drawn from the random generator of the namespace; 1 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// The time on the virtual clock at which the schedule ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
    /// The duration of the schedule on the virtual clock from the time at which the fault is added, such as `30s`.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub duration: Option<HumanDuration>,
}

/// The state of a schedule.
#[derive(Debug, Clone)]
pub struct ScheduleState {
    since: DateTime<Utc>,
    ids: IdGenerator,
    matched: u64,
    injected: u64,
}

impl Schedule {
    /// Returns a schedule that selects the first `times` requests.
    ///
    /// ```
    /// assert_eq!(access_groups_mock::Schedule::times(2).times, Some(2));
    /// ```
    pub fn times(times: u64) -> Self {
        Self { times: Some(times), ..Self::default() }
    }

    /// Validates the schedule.
    ///
    /// # Errors
    /// The field and reason: `every` or `times` is 0, or the probability is not from 0 to 1.
    pub fn validate(&self) -> Result<(), (&'static str, &'static str)> {
        if self.times == Some(0) {
            return Err(("times", "must be 1 or more"));
        }
        if self.every == Some(0) {
            return Err(("every", "must be 1 or more"));
        }
        if self.probability.is_some_and(|probability| !(0.0..=1.0).contains(&probability)) {
            return Err(("probability", "must be a number from 0 to 1"));
        }
        Ok(())
    }
}

impl ScheduleState {
    /// Returns the initial state of a schedule that starts at the time `since` and draws random numbers from `ids`.
    pub const fn new(since: DateTime<Utc>, ids: IdGenerator) -> Self {
        Self { since, ids, matched: 0, injected: 0 }
    }

    /// Returns the number of matching requests.
    pub const fn matched(&self) -> u64 {
        self.matched
    }

    /// Returns the number of requests into which the fault was injected.
    pub const fn injected(&self) -> u64 {
        self.injected
    }

    /// Counts a matching request at the time `now` and returns whether the fault is injected into it.
    pub fn evaluate(&mut self, schedule: &Schedule, now: DateTime<Utc>) -> bool {
        self.matched += 1;
        if self.is_over(schedule, now) {
            return false;
        }
        let Some(index) = self.matched.checked_sub(schedule.after.unwrap_or(0) + 1) else { return false };
        if !index.is_multiple_of(schedule.every.unwrap_or(1)) {
            return false;
        }
        let is_injected = schedule.probability.is_none_or(|probability| self.ids.next_f64() < probability);
        self.injected += u64::from(is_injected);
        is_injected
    }

    /// Returns whether the schedule has ended, after which nothing is injected.
    pub fn is_over(&self, schedule: &Schedule, now: DateTime<Utc>) -> bool {
        let end = schedule.duration.and_then(|duration| self.since.checked_add_signed(duration.time_delta()));
        schedule.times.is_some_and(|times| self.injected >= times)
            || schedule.until.is_some_and(|until| now >= until)
            || end.is_some_and(|end| now >= end)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns the indexes of the requests that the schedule selects.
    fn injected(schedule: &Schedule, requests: u64, seed: u64) -> Vec<u64> {
        let now = DateTime::UNIX_EPOCH;
        let mut state = ScheduleState::new(now, IdGenerator::from_seed(seed));
        (0..requests).filter(|_| state.evaluate(schedule, now)).collect()
    }

    proptest! {
        #[test]
        fn after_every_and_times_select_the_expected_requests(
            after in 0_u64..10, every in 1_u64..6, times in 1_u64..8, requests in 0_u64..60,
        ) {
            let schedule = Schedule {
                after: Some(after), every: Some(every), times: Some(times), ..Schedule::default()
            };
            let limit = usize::try_from(times).expect("times is less than 8");
            let step = usize::try_from(every).expect("every is less than 6");

            let expected: Vec<u64> = (after..requests).step_by(step).take(limit).collect();

            prop_assert_eq!(injected(&schedule, requests, 1), expected);
        }

        #[test]
        fn probability_selects_about_that_share_and_the_same_requests_for_the_same_seed(
            percent in 0_u32..=100, seed in any::<u64>(),
        ) {
            let probability = f64::from(percent) / 100.0;
            let schedule = Schedule { probability: Some(probability), ..Schedule::default() };

            let first = injected(&schedule, 2_000, seed);

            prop_assert_eq!(&first, &injected(&schedule, 2_000, seed));
            let share = first.len() as f64 / 2_000.0;
            prop_assert!((share - probability).abs() < 0.08, "{} instead of {}", share, probability);
            prop_assert!(percent > 0 || first.is_empty());
            prop_assert!(percent < 100 || first.len() == 2_000);
        }

        #[test]
        fn end_of_a_schedule_is_exclusive(
            end in 1_i64..100_000, now in 0_i64..200_000, is_duration in any::<bool>(),
        ) {
            let at = |milliseconds| DateTime::from_timestamp_millis(milliseconds).expect("the time is in range");
            let schedule = if is_duration {
                Schedule { duration: Some(HumanDuration::from_millis(end)), ..Schedule::default() }
            } else {
                Schedule { until: Some(at(end)), ..Schedule::default() }
            };
            let mut state = ScheduleState::new(at(0), IdGenerator::from_seed(1));

            prop_assert_eq!(state.evaluate(&schedule, at(now)), now < end);
        }
    }

    #[test]
    fn invalid_schedule_is_rejected() {
        let invalid_field = |schedule: Schedule| schedule.validate().expect_err("the schedule is invalid").0;

        assert_eq!(invalid_field(Schedule::times(0)), "times");
        assert_eq!(invalid_field(Schedule { every: Some(0), ..Schedule::default() }), "every");
        assert_eq!(invalid_field(Schedule { probability: Some(1.5), ..Schedule::default() }), "probability");
        assert_eq!(
            invalid_field(Schedule { probability: Some(f64::NAN), ..Schedule::default() }),
            "probability"
        );
        assert_eq!(Schedule::times(1).validate(), Ok(()));
    }
}
