//! The faults of one namespace, and how often each has struck.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::effect::Effect;
use super::fault::Fault;
use super::pattern::Subject;
use super::schedule::Progress;
use crate::failure::Violation;
use crate::store::Ids;

/// The most faults that a namespace holds, and the most header texts whose progress is remembered.
const MOST: usize = 1_000;

/// The faults of one namespace.
#[derive(Debug)]
pub struct Faults {
    is_armed: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    ids: Ids,
    count: u64,
    armed: Vec<Armed>,
    /// The schedules of headers that were sent, the oldest first.
    headers: Vec<(String, Vec<Progress>)>,
}

#[derive(Debug)]
struct Armed {
    fault: Fault,
    progress: Progress,
}

/// A fault with how often it has struck.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FaultReport {
    /// The fault.
    #[serde(flatten)]
    pub fault: Fault,
    /// How many matching requests there were.
    pub seen: u64,
    /// How many of them it struck.
    pub struck: u64,
}

/// How the header door is named where others have an id.
const HEADER: &str = "X-Mock-Fault";

/// Returns what lets a request pass that the fault with `id` refused.
pub fn remedy(id: &str) -> String {
    if id == HEADER {
        return "Send the request without the header `X-Mock-Fault`, which asked for this answer.".to_owned();
    }
    format!("Remove the fault `{id}`, which asked for this answer, or wait until it is used up.")
}

/// What a fault does to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strike {
    /// The fault's id; `X-Mock-Fault` where the request asked for it itself.
    pub id: String,
    /// What it does.
    pub effect: Effect,
}

impl Faults {
    /// Returns a set without faults that draws from `ids`.
    pub const fn new(ids: Ids) -> Self {
        let state = State { ids, count: 0, armed: Vec::new(), headers: Vec::new() };
        Self { is_armed: AtomicBool::new(false), state: Mutex::new(state) }
    }

    /// Returns whether any fault is set.
    pub fn is_armed(&self) -> bool {
        self.is_armed.load(Ordering::Relaxed)
    }

    /// Returns whether a fault must see bodies.
    pub fn reads_body(&self) -> bool {
        self.is_armed() && self.lock().armed.iter().any(|armed| armed.fault.pattern.reads_body())
    }

    /// Returns how far the reads of any fault lag behind.
    pub fn longest_lag(&self) -> Option<TimeDelta> {
        let state = self.lock();
        let lags = state.armed.iter().filter_map(|armed| match armed.fault.effect {
            Effect::StaleReads { window } => Some(window.delta()),
            _ => None,
        });
        lags.max()
    }

    /// Sets `faults` at the time `now`, all of them or none, and returns them with their ids.
    ///
    /// # Errors
    /// More than 1,000 faults.
    pub fn add(&self, faults: Vec<Fault>, now: DateTime<Utc>) -> Result<Vec<FaultReport>, Violation> {
        let mut state = self.lock();
        let is_new = |fault: &&Fault| !state.armed.iter().any(|armed| armed.fault.id == fault.id);
        if state.armed.len() + faults.iter().filter(is_new).count() > MOST {
            return Err(Violation::new("", format!("a namespace holds at most {MOST} faults")));
        }
        let added = faults.into_iter().map(|fault| state.add(fault, now)).collect();
        self.is_armed.store(!state.armed.is_empty(), Ordering::Relaxed);
        Ok(added)
    }

    /// Returns all faults in the order of their setting.
    pub fn list(&self) -> Vec<FaultReport> {
        self.lock().armed.iter().map(Armed::report).collect()
    }

    /// Returns the fault with `id`.
    pub fn get(&self, id: &str) -> Option<FaultReport> {
        self.lock().armed.iter().find(|armed| armed.is(id)).map(Armed::report)
    }

    /// Removes the fault with `id`, and returns whether it was there.
    pub fn remove(&self, id: &str) -> bool {
        let mut state = self.lock();
        let before = state.armed.len();
        state.armed.retain(|armed| !armed.is(id));
        self.is_armed.store(!state.armed.is_empty(), Ordering::Relaxed);
        state.armed.len() < before
    }

    /// Removes all faults and sets `initial` instead, drawing anew from `ids`.
    pub fn reset(&self, initial: &[Fault], now: DateTime<Utc>, ids: Ids) {
        let mut state = self.lock();
        *state = State { ids, count: 0, armed: Vec::new(), headers: Vec::new() };
        for fault in initial {
            state.add(fault.clone(), now);
        }
        self.is_armed.store(!state.armed.is_empty(), Ordering::Relaxed);
    }

    /// Returns what strikes `subject` at the time `now`, in the order of the faults' setting.
    pub fn strike(&self, subject: &Subject<'_>, now: DateTime<Utc>) -> Vec<Strike> {
        let mut state = self.lock();
        let fitting = state.armed.iter_mut().filter(|armed| armed.fault.pattern.fits(subject));
        let struck = fitting.filter_map(|armed| {
            let strikes = armed.progress.strike(&armed.fault.schedule, now);
            strikes.then(|| Strike {
                id: armed.fault.id.clone().unwrap_or_default(),
                effect: armed.fault.effect.clone(),
            })
        });
        struck.collect()
    }

    /// Returns what the header text `text` asks for; its schedule counts all requests with the same text.
    ///
    /// # Errors
    /// The part of the text that is wrong, and why.
    pub fn strike_by_header(&self, text: &str, now: DateTime<Utc>) -> Result<Vec<Strike>, Violation> {
        let faults = Fault::of_header(text)?;
        let mut state = self.lock();
        let progress = state.progress_of(text, faults.len(), now);
        let struck = faults.into_iter().zip(progress).filter_map(|(fault, progress)| {
            let strikes = progress.strike(&fault.schedule, now);
            strikes.then(|| Strike { id: HEADER.to_owned(), effect: fault.effect })
        });
        Ok(struck.collect())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add(&mut self, mut fault: Fault, now: DateTime<Utc>) -> FaultReport {
        let id = fault.id.take().unwrap_or_else(|| self.new_id());
        fault.id = Some(id.clone());
        let progress = Progress::new(now, Ids::seeded(self.ids.uuid().as_u64_pair().0));
        let armed = Armed { fault, progress };
        let report = armed.report();
        match self.armed.iter_mut().find(|other| other.is(&id)) {
            Some(other) => *other = armed,
            None => self.armed.push(armed),
        }
        report
    }

    /// An id that no fault has.
    fn new_id(&mut self) -> String {
        loop {
            self.count += 1;
            let id = format!("fault-{}", self.count);
            if !self.armed.iter().any(|armed| armed.is(&id)) {
                return id;
            }
        }
    }

    fn progress_of(&mut self, text: &str, faults: usize, now: DateTime<Utc>) -> &mut [Progress] {
        let known = self.headers.iter().position(|(other, _)| other == text);
        let at = known.unwrap_or_else(|| {
            if self.headers.len() == MOST {
                self.headers.remove(0);
            }
            let new = (0..faults).map(|_| Progress::new(now, Ids::seeded(self.ids.uuid().as_u64_pair().0)));
            let progress = new.collect();
            self.headers.push((text.to_owned(), progress));
            self.headers.len() - 1
        });
        &mut self.headers[at].1
    }
}

impl Armed {
    fn is(&self, id: &str) -> bool {
        self.fault.id.as_deref() == Some(id)
    }

    fn report(&self) -> FaultReport {
        FaultReport { fault: self.fault.clone(), seen: self.progress.seen(), struck: self.progress.struck() }
    }
}
