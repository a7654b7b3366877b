//! `ItemFaults`: the active faults of one namespace and the states of their schedules.

pub mod effect;
mod fail_items;
pub mod fault;
pub mod schedule;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::{Mutex, MutexGuard};
use serde::Serialize;

pub use fail_items::FailItems;

use super::keyed_hash::KeyedHash;
use super::matching::pattern::RequestView;
use super::matching::string_matcher::TOO_COMPLEX;
use crate::spec::Violation;
use crate::store::IdGenerator;
use effect::Effect;
use fault::Fault;
use schedule::ScheduleState;

/// The maximum number of faults of a namespace, and the maximum number of header values whose schedules are tracked.
pub const MAX_FAULTS: usize = 1_000;

/// The maximum length of the JSON of all faults of a namespace together, in bytes.
pub const MAX_FAULT_BYTES: usize = 1024 * 1024;

/// The maximum size of the compiled regular expressions of all faults of a namespace together, in bytes.
pub const MAX_REGEX_BYTES: usize = 1024 * 1024;

/// The faults of one namespace.
#[derive(Debug)]
pub struct Faults {
    has_active: AtomicBool,
    state: Mutex<State>,
    hash: KeyedHash,
}

#[derive(Debug)]
struct State {
    ids: IdGenerator,
    count: u64,
    active: Vec<ActiveFault>,
    /// The active faults, for matching without the lock.
    list: Arc<[Arc<Fault>]>,
    /// The schedules of the header values that were sent, by the hash of the value, the oldest first.
    headers: Vec<(u128, Vec<ScheduleState>)>,
}

#[derive(Debug)]
struct ActiveFault {
    fault: Arc<Fault>,
    schedule_state: ScheduleState,
    /// The length of the JSON of the fault, and the size of its compiled regular expressions.
    size: FaultSize,
}

/// The memory that faults take.
#[derive(Debug, Clone, Copy, Default)]
struct FaultSize {
    json_bytes: usize,
    regex_bytes: usize,
}

/// A fault with the numbers of its matches and injections.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FaultStatus {
    /// The fault.
    #[serde(flatten)]
    pub fault: Fault,
    /// The number of matching requests.
    pub matched: u64,
    /// The number of requests into which the fault was injected.
    pub injected: u64,
}

/// Faults that are added to one namespace.
#[derive(Debug)]
pub struct FaultBatch<'a> {
    /// The faults of the namespace.
    pub target: &'a Faults,
    /// The faults to add.
    pub faults: Vec<Fault>,
    /// The current time of the namespace, at which the schedules start.
    pub now: DateTime<Utc>,
}

/// The id of the faults that a request sets with its header.
const HEADER_ID: &str = "X-Mock-Fault";

/// Returns the advice for avoiding an error that the fault with `id` injected.
pub fn remediation(id: &str) -> String {
    if id == HEADER_ID {
        return "Send the request without the `X-Mock-Fault` header, which requested this error.".to_owned();
    }
    format!("Remove the fault `{id}`, which injected this error, or wait until its schedule ends.")
}

/// A fault that is injected into one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InjectedFault {
    /// The id of the fault; `X-Mock-Fault` for a fault in the request's header.
    pub id: String,
    /// The effect of the fault.
    pub effect: Effect,
}

impl Faults {
    /// Returns an empty set of faults that draws random numbers from `ids`.
    pub fn new(ids: IdGenerator) -> Self {
        Self {
            has_active: AtomicBool::new(false),
            state: Mutex::new(State::new(ids)),
            hash: KeyedHash::default(),
        }
    }

    /// Returns whether there are any faults.
    pub fn has_active(&self) -> bool {
        self.has_active.load(Ordering::Relaxed)
    }

    /// Returns the maximum staleness of reads over all faults; `None` if no fault makes reads stale.
    pub fn max_staleness(&self) -> Option<TimeDelta> {
        let state = self.lock();
        let windows = state.active.iter().filter_map(|active| match active.fault.effect {
            Effect::StaleReads { window } => Some(window.time_delta()),
            _ => None,
        });
        windows.max()
    }

    /// Adds all of `faults`, or none of them, at the time `now` and returns them with their ids.
    ///
    /// # Errors
    /// The namespace would have more than 1,000 faults, or its faults would take more than 1 MiB of JSON or of regular
    /// expressions.
    pub fn add(&self, faults: Vec<Fault>, now: DateTime<Utc>) -> Result<Vec<FaultStatus>, Violation> {
        Self::add_all(vec![FaultBatch { target: self, faults, now }])
    }

    /// Adds the faults of all `batches`, or none of them, and returns them with their ids, in the order of the batches.
    ///
    /// The targets must be different, and sorted in the same way in every call, because all of them are locked.
    ///
    /// # Errors
    /// A target would have more than 1,000 faults, or its faults would take more than 1 MiB of JSON or of regular
    /// expressions.
    pub fn add_all(batches: Vec<FaultBatch<'_>>) -> Result<Vec<FaultStatus>, Violation> {
        let sizes = batches.iter().map(|batch| batch.faults.iter().map(FaultSize::new).collect());
        let sizes: Vec<Vec<FaultSize>> = sizes.collect();
        let mut states: Vec<_> = batches.iter().map(|batch| batch.target.lock()).collect();
        for ((state, batch), sizes) in states.iter().zip(&batches).zip(&sizes) {
            state.check_limits(&batch.faults, sizes)?;
        }
        let mut added = Vec::new();
        for ((state, FaultBatch { target, faults, now }), sizes) in states.iter_mut().zip(batches).zip(sizes)
        {
            added.extend(faults.into_iter().zip(sizes).map(|(fault, size)| state.add(fault, size, now)));
            target.update_list(state);
        }
        Ok(added)
    }

    /// Returns the number of faults, and the bytes of their JSON and of their compiled regular expressions.
    pub fn usage(&self) -> (usize, usize, usize) {
        let state = self.lock();
        let sizes = || state.active.iter().map(|active| active.size);
        let (json, regex) = (sizes().map(|size| size.json_bytes), sizes().map(|size| size.regex_bytes));
        (state.active.len(), json.sum(), regex.sum())
    }

    /// Returns all faults in the order in which they were added.
    pub fn list(&self) -> Vec<FaultStatus> {
        self.lock().active.iter().map(ActiveFault::status).collect()
    }

    /// Returns the fault with `id`.
    pub fn get(&self, id: &str) -> Option<FaultStatus> {
        self.lock().active.iter().find(|active| active.has_id(id)).map(ActiveFault::status)
    }

    /// Removes the fault with `id` and returns whether it existed.
    pub fn remove(&self, id: &str) -> bool {
        let mut state = self.lock();
        let previous_count = state.active.len();
        state.active.retain(|active| !active.has_id(id));
        self.update_list(&mut state);
        state.active.len() < previous_count
    }

    /// Replaces all faults with `initial` and draws random numbers from `ids` from now on.
    pub fn reset(&self, initial: &[Fault], now: DateTime<Utc>, ids: IdGenerator) {
        let mut state = self.lock();
        *state = State::new(ids);
        for fault in initial {
            state.add(fault.clone(), FaultSize::new(fault), now);
        }
        self.update_list(&mut state);
    }

    /// Returns the active faults in the order in which they were added.
    pub fn active(&self) -> Arc<[Arc<Fault>]> {
        Arc::clone(&self.lock().list)
    }

    /// Returns those of the `matching` faults to inject at the time `now`, in the order in which they were added.
    pub fn inject(&self, matching: &[Arc<Fault>], now: DateTime<Utc>) -> Vec<InjectedFault> {
        let mut matching: Vec<*const Fault> = matching.iter().map(Arc::as_ptr).collect();
        matching.sort_unstable();
        let mut state = self.lock();
        let is_matching =
            |active: &&mut ActiveFault| matching.binary_search(&Arc::as_ptr(&active.fault)).is_ok();
        let injected = state.active.iter_mut().filter(is_matching).filter_map(|active| {
            let is_injected = active.schedule_state.evaluate(&active.fault.schedule, now);
            is_injected.then(|| InjectedFault {
                id: active.fault.id.clone().unwrap_or_default(),
                effect: active.fault.effect.clone(),
            })
        });
        injected.collect()
    }

    /// Returns the faults to inject for the header value `header`, whose schedules count all requests with that value.
    ///
    /// # Errors
    /// The invalid part of the header and the reason.
    pub fn evaluate_header(&self, header: &str, now: DateTime<Utc>) -> Result<Vec<InjectedFault>, Violation> {
        let faults = Fault::parse_header(header)?;
        let header = self.hash.hash(header);
        let mut state = self.lock();
        let schedule_states = state.header_schedules(header, faults.len(), now);
        let injected = faults.into_iter().zip(schedule_states).filter_map(|(fault, schedule_state)| {
            let is_injected = schedule_state.evaluate(&fault.schedule, now);
            is_injected.then(|| InjectedFault { id: HEADER_ID.to_owned(), effect: fault.effect })
        });
        Ok(injected.collect())
    }

    /// Updates what is read without the state after a change of the active faults.
    fn update_list(&self, state: &mut State) {
        state.list = state.active.iter().map(|active| Arc::clone(&active.fault)).collect();
        self.has_active.store(!state.active.is_empty(), Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }
}

/// Returns those of `faults` that match `request`, in the same order; `None` once `is_cancelled` returns `true`.
pub fn matching(
    faults: &[Arc<Fault>],
    request: &RequestView<'_>,
    is_cancelled: impl Fn() -> bool,
) -> Option<Vec<Arc<Fault>>> {
    let mut matching = Vec::new();
    for fault in faults {
        if is_cancelled() {
            return None;
        }
        if fault.pattern.matches(request) {
            matching.push(Arc::clone(fault));
        }
    }
    Some(matching)
}

impl State {
    fn new(ids: IdGenerator) -> Self {
        Self { ids, count: 0, active: Vec::new(), list: Arc::default(), headers: Vec::new() }
    }

    /// Checks that all of `faults`, whose sizes are `sizes`, can be added.
    fn check_limits(&self, faults: &[Fault], sizes: &[FaultSize]) -> Result<(), Violation> {
        let is_retained = |active: &&ActiveFault| !faults.iter().any(|fault| fault.id == active.fault.id);
        let retained: Vec<&ActiveFault> = self.active.iter().filter(is_retained).collect();
        if retained.len() + faults.len() > MAX_FAULTS {
            return Err(Violation::new("", format!("a namespace holds at most {MAX_FAULTS} faults")));
        }
        let all = || sizes.iter().copied().chain(retained.iter().map(|active| active.size));
        if all().map(|size| size.json_bytes).sum::<usize>() > MAX_FAULT_BYTES {
            let reason = format!("the faults of a namespace have at most {MAX_FAULT_BYTES} bytes of JSON");
            return Err(Violation::new("", reason));
        }
        if all().map(|size| size.regex_bytes).sum::<usize>() > MAX_REGEX_BYTES {
            let reason = format!(
                "the faults of a namespace have at most {MAX_REGEX_BYTES} bytes of compiled regular expressions: \
                 this {TOO_COMPLEX}"
            );
            return Err(Violation::new("", reason));
        }
        Ok(())
    }

    fn add(&mut self, mut fault: Fault, size: FaultSize, now: DateTime<Utc>) -> FaultStatus {
        let id = fault.id.take().unwrap_or_else(|| self.new_id());
        fault.id = Some(id.clone());
        let schedule_state = ScheduleState::new(now, IdGenerator::from_seed(self.ids.uuid().as_u64_pair().0));
        let active = ActiveFault { fault: Arc::new(fault), schedule_state, size };
        let status = active.status();
        match self.active.iter_mut().find(|other| other.has_id(&id)) {
            Some(other) => *other = active,
            None => self.active.push(active),
        }
        status
    }

    /// Returns an unused id.
    fn new_id(&mut self) -> String {
        loop {
            self.count += 1;
            let id = format!("fault-{}", self.count);
            if !self.active.iter().any(|active| active.has_id(&id)) {
                return id;
            }
        }
    }

    /// Returns the schedule states of the `count` faults in the value with the hash `header`, which are created on first use.
    fn header_schedules(&mut self, header: u128, count: usize, now: DateTime<Utc>) -> &mut [ScheduleState] {
        let known = self.headers.iter().position(|(other, _)| *other == header);
        let index = known.unwrap_or_else(|| {
            if self.headers.len() == MAX_FAULTS {
                self.headers.remove(0);
            }
            let new = (0..count)
                .map(|_| ScheduleState::new(now, IdGenerator::from_seed(self.ids.uuid().as_u64_pair().0)));
            let schedule_states = new.collect();
            self.headers.push((header, schedule_states));
            self.headers.len() - 1
        });
        &mut self.headers[index].1
    }
}

impl FaultSize {
    fn new(fault: &Fault) -> Self {
        let json_bytes = serde_json::to_vec(fault).map_or(0, |json| json.len());
        Self { json_bytes, regex_bytes: fault.pattern.regex_bytes() }
    }
}

impl ActiveFault {
    fn has_id(&self, id: &str) -> bool {
        self.fault.id.as_deref() == Some(id)
    }

    fn status(&self) -> FaultStatus {
        FaultStatus {
            fault: Fault::clone(&self.fault),
            matched: self.schedule_state.matched(),
            injected: self.schedule_state.injected(),
        }
    }
}
