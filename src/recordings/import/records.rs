//! The objects that a recording shows, by list and identifier.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::super::exchange::Place;

/// The fields of an object.
pub(super) type Fields = Map<String, Value>;

/// The name of a list: the segments of a path that is unique among all lists.
pub(super) type ListKey = Vec<String>;

/// The state of the account that is collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// After the last exchange.
    End,
    /// Before the first write.
    Start,
}

/// How a response shows an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// It was read.
    Read,
    /// It was created.
    Created,
    /// It was changed.
    Updated,
}

/// An object with the place that shows it.
#[derive(Debug)]
pub(super) struct Object {
    pub(super) id: String,
    pub(super) fields: Fields,
    pub(super) place: Place,
    /// Whether the object exists at the moment that is collected.
    exists: bool,
    /// Whether a write has changed the object, so that what is shown later is no longer its state at the start.
    is_changed: bool,
}

/// The objects of a list in the order of creation, as far as it is known.
#[derive(Debug, Default)]
struct List {
    objects: Vec<Object>,
    by_id: BTreeMap<String, usize>,
}

/// All objects.
#[derive(Debug)]
pub(super) struct Records {
    moment: Moment,
    lists: BTreeMap<ListKey, List>,
}

/// Returns the key of a list.
pub(super) fn key<const N: usize>(segments: [&str; N]) -> ListKey {
    segments.map(str::to_owned).to_vec()
}

impl Records {
    pub(super) fn new(moment: Moment) -> Self {
        Self { moment, lists: BTreeMap::new() }
    }

    /// Notes what a response shows of the object `id`.
    ///
    /// Fields that the response does not show are kept if `is_complete` is false.
    pub(super) fn show(
        &mut self,
        list: &[String],
        (id, change): (&str, Change),
        (fields, is_complete): (Fields, bool),
        place: &Place,
    ) {
        let moment = self.moment;
        let list = self.list(list);
        let Some(object) = list.get(id) else {
            let exists = moment == Moment::End || change != Change::Created;
            let is_changed = change != Change::Read;
            let object = Object { id: id.to_owned(), fields, place: place.clone(), exists, is_changed };
            list.add(object);
            return;
        };
        match moment {
            Moment::End if !object.exists => {
                let object = Object {
                    id: id.to_owned(),
                    fields,
                    place: place.clone(),
                    exists: true,
                    is_changed: false,
                };
                list.add(object);
            }
            Moment::End => {
                object.place = place.clone();
                if is_complete {
                    object.fields = fields;
                } else {
                    object.fields.extend(fields);
                }
            }
            Moment::Start if change != Change::Read => object.is_changed = true,
            // What is shown now completes what was shown before, as long as nothing has changed it.
            Moment::Start if !object.is_changed => {
                for (name, value) in fields {
                    object.fields.entry(name).or_insert(value);
                }
            }
            Moment::Start => {}
        }
    }

    /// Notes that the object `id` was deleted.
    pub(super) fn delete(&mut self, list: &[String], id: &str) {
        let moment = self.moment;
        let list = self.list(list);
        let Some(object) = list.get(id) else { return };
        match moment {
            Moment::End => object.exists = false,
            Moment::Start => object.is_changed = true,
        }
    }

    /// Deletes the objects of the list, except those in `kept`.
    pub(super) fn delete_others(&mut self, list: &[String], kept: &[&str]) {
        let ids: Vec<String> = self.list(list).objects.iter().map(|object| object.id.clone()).collect();
        for id in ids.iter().filter(|id| !kept.contains(&id.as_str())) {
            self.delete(list, id);
        }
    }

    /// Deletes the objects of the lists whose keys `is_child` accepts.
    pub(super) fn delete_children(&mut self, is_child: impl Fn(&[String]) -> bool) {
        let children: Vec<ListKey> = self.lists.keys().filter(|key| is_child(key)).cloned().collect();
        for child in children {
            self.delete_others(&child, &[]);
        }
    }

    /// Notes that the object `id` was not found.
    pub(super) fn not_found(&mut self, list: &[String], id: &str, place: &Place) {
        match self.moment {
            Moment::End => self.delete(list, id),
            Moment::Start => {
                let list = self.list(list);
                if list.get(id).is_none() {
                    let fields = Fields::new();
                    let place = place.clone();
                    list.add(Object { id: id.to_owned(), fields, place, exists: false, is_changed: true });
                }
            }
        }
    }

    /// Notes that a write of the recording has created the object `id`, which may have been shown before this is known.
    pub(super) fn created(&mut self, list: &[String], id: &str, place: &Place) {
        if self.moment == Moment::End {
            return;
        }
        self.not_found(list, id, place);
        if let Some(object) = self.list(list).get(id) {
            (object.exists, object.is_changed) = (false, true);
        }
    }

    /// Arranges the objects of a list in the order of `ids`, which is a part of the list in the order of creation.
    pub(super) fn arrange(&mut self, list: &[String], ids: &[&str]) {
        self.list(list).arrange(ids);
    }

    /// Returns whether the object exists.
    pub(super) fn contains(&self, list: &[String], id: &str) -> bool {
        self.get(list, id).is_some()
    }

    /// Returns the object, if it exists.
    pub(super) fn get(&self, list: &[String], id: &str) -> Option<&Object> {
        let list = self.lists.get(list)?;
        list.objects.get(*list.by_id.get(id)?).filter(|object| object.exists)
    }

    /// Removes and returns the existing objects of a list in their order.
    pub(super) fn take(&mut self, list: &[String]) -> Vec<Object> {
        let objects = self.lists.remove(list).map(|list| list.objects).unwrap_or_default();
        objects.into_iter().filter(|object| object.exists).collect()
    }

    /// Returns the keys of all lists that start with `prefix`.
    pub(super) fn keys(&self, prefix: &[&str]) -> Vec<ListKey> {
        self.lists
            .keys()
            .filter(|key| key.iter().zip(prefix).filter(|(a, b)| a == *b).count() == prefix.len())
            .cloned()
            .collect()
    }

    fn list(&mut self, key: &[String]) -> &mut List {
        if !self.lists.contains_key(key) {
            self.lists.insert(key.to_vec(), List::default());
        }
        self.lists.get_mut(key).expect("the list was inserted above")
    }
}

impl List {
    fn get(&mut self, id: &str) -> Option<&mut Object> {
        let index = *self.by_id.get(id)?;
        self.objects.get_mut(index)
    }

    fn add(&mut self, object: Object) {
        self.by_id.insert(object.id.clone(), self.objects.len());
        self.objects.push(object);
    }

    /// Moves the objects with `ids` among the positions that they have, into the order of `ids`.
    fn arrange(&mut self, ids: &[&str]) {
        let current: Vec<usize> = ids.iter().filter_map(|id| self.by_id.get(*id).copied()).collect();
        if current.is_sorted() {
            return;
        }
        let mut positions = current.clone();
        positions.sort_unstable();
        positions.dedup();
        if positions.len() < current.len() {
            // A page that shows an object twice has no order.
            return;
        }
        let mut objects: Vec<Option<Object>> = self.objects.drain(..).map(Some).collect();
        let moved: Vec<Option<Object>> = current.iter().map(|index| objects[*index].take()).collect();
        for (position, object) in positions.into_iter().zip(moved) {
            objects[position] = object;
        }
        self.objects = objects.into_iter().flatten().collect();
        self.by_id = BTreeMap::new();
        for (index, object) in self.objects.iter().enumerate() {
            self.by_id.insert(object.id.clone(), index);
        }
    }
}
