//! When a fault strikes: which of the requests that it matches.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::span::Span;
use crate::store::Ids;

/// Which of the matching requests are struck; nothing given means all of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Schedule {
    /// How many requests are struck at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// How many matching requests are let through first; 0 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// Every how manieth of those that follow is struck, beginning with the first; 1 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<u64>,
    /// With which probability each of these is struck, from 0 to 1; drawn from the seed of the namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// When it ends, on the mock's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
    /// How long it lasts from its setting on, on the mock's clock, such as `30s`.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub lasts: Option<Span>,
}

/// How far a schedule has come.
#[derive(Debug, Clone)]
pub struct Progress {
    since: DateTime<Utc>,
    ids: Ids,
    seen: u64,
    struck: u64,
}

impl Schedule {
    /// Returns the schedule of the first `times` requests.
    ///
    /// ```
    /// assert_eq!(access_groups_mock::Schedule::times(2).times, Some(2));
    /// ```
    pub fn times(times: u64) -> Self {
        Self { times: Some(times), ..Self::default() }
    }

    /// Says what is wrong with it: the name of the member, and what it must be.
    ///
    /// # Errors
    /// `every` and `times` begin with 1, and a probability lies between 0 and 1.
    pub fn check(&self) -> Result<(), (&'static str, &'static str)> {
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

impl Progress {
    /// Returns the beginning of a schedule that is set at the time `since` and draws from `ids`.
    pub const fn new(since: DateTime<Utc>, ids: Ids) -> Self {
        Self { since, ids, seen: 0, struck: 0 }
    }

    /// Returns how many matching requests there were.
    pub const fn seen(&self) -> u64 {
        self.seen
    }

    /// Returns how many of them were struck.
    pub const fn struck(&self) -> u64 {
        self.struck
    }

    /// Counts a matching request at the time `now`, and returns whether it is struck.
    pub fn strike(&mut self, schedule: &Schedule, now: DateTime<Utc>) -> bool {
        self.seen += 1;
        if self.is_over(schedule, now) {
            return false;
        }
        let Some(place) = self.seen.checked_sub(schedule.after.unwrap_or(0) + 1) else { return false };
        if !place.is_multiple_of(schedule.every.unwrap_or(1)) {
            return false;
        }
        let strikes = schedule.probability.is_none_or(|probability| self.ids.fraction() < probability);
        self.struck += u64::from(strikes);
        strikes
    }

    /// Returns whether no request will be struck any more.
    pub fn is_over(&self, schedule: &Schedule, now: DateTime<Utc>) -> bool {
        let ends = schedule.lasts.and_then(|span| self.since.checked_add_signed(span.delta()));
        schedule.times.is_some_and(|times| self.struck >= times)
            || schedule.until.is_some_and(|until| now >= until)
            || ends.is_some_and(|ends| now >= ends)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn struck(schedule: &Schedule, requests: u64, seed: u64) -> Vec<u64> {
        let now = DateTime::UNIX_EPOCH;
        let mut progress = Progress::new(now, Ids::seeded(seed));
        (0..requests).filter(|_| progress.strike(schedule, now)).collect()
    }

    proptest! {
        #[test]
        fn after_every_and_times_pick_the_requests_that_their_names_say(
            after in 0_u64..10, every in 1_u64..6, times in 1_u64..8, requests in 0_u64..60,
        ) {
            let schedule = Schedule {
                after: Some(after), every: Some(every), times: Some(times), ..Schedule::default()
            };
            let limit = usize::try_from(times).expect("it is small");
            let step = usize::try_from(every).expect("it is small");

            let expected: Vec<u64> = (after..requests).step_by(step).take(limit).collect();

            prop_assert_eq!(struck(&schedule, requests, 1), expected);
        }

        #[test]
        fn a_probability_strikes_about_that_part_and_the_same_requests_for_the_same_seed(
            percent in 0_u32..=100, seed in any::<u64>(),
        ) {
            let probability = f64::from(percent) / 100.0;
            let schedule = Schedule { probability: Some(probability), ..Schedule::default() };

            let first = struck(&schedule, 2_000, seed);

            prop_assert_eq!(&first, &struck(&schedule, 2_000, seed));
            let part = first.len() as f64 / 2_000.0;
            prop_assert!((part - probability).abs() < 0.08, "{} of {}", part, probability);
            prop_assert!(percent > 0 || first.is_empty());
            prop_assert!(percent < 100 || first.len() == 2_000);
        }

        #[test]
        fn an_end_is_the_first_moment_that_is_not_struck(
            end in 1_i64..100_000, asked in 0_i64..200_000, is_span in any::<bool>(),
        ) {
            let at = |milliseconds| DateTime::from_timestamp_millis(milliseconds).expect("it is a time");
            let schedule = if is_span {
                Schedule { lasts: Some(Span::milliseconds(end)), ..Schedule::default() }
            } else {
                Schedule { until: Some(at(end)), ..Schedule::default() }
            };
            let mut progress = Progress::new(at(0), Ids::seeded(1));

            prop_assert_eq!(progress.strike(&schedule, at(asked)), asked < end);
        }
    }

    #[test]
    fn a_schedule_that_never_strikes_is_refused() {
        let wrong = |schedule: Schedule| schedule.check().expect_err("it is wrong").0;

        assert_eq!(wrong(Schedule::times(0)), "times");
        assert_eq!(wrong(Schedule { every: Some(0), ..Schedule::default() }), "every");
        assert_eq!(wrong(Schedule { probability: Some(1.5), ..Schedule::default() }), "probability");
        assert_eq!(wrong(Schedule { probability: Some(f64::NAN), ..Schedule::default() }), "probability");
        assert_eq!(Schedule::times(1).check(), Ok(()));
    }
}
