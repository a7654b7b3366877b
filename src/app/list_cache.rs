//! `ListCache`: the bodies of lists that were requested since the last write to their namespace.
//!
//! A client that polls a list, or reads its pages again and again, gets the same bytes until something is written. They
//! are shared by the cache, the responses and the journal, so that a cached list does not copy the JSON of its records
//! again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Bytes;
use parking_lot::Mutex;

use crate::config::Fidelity;

/// The maximum size of all cached lists of a server, in bytes.
pub const MAX_LIST_CACHE_BYTES: usize = 4 * 1024 * 1024;

/// The size at which an entry is counted besides its key and its body, in bytes.
const ENTRY_BYTES: usize = 128;

/// The body of a list.
#[derive(Debug, Clone)]
pub struct ListBody {
    /// The media type.
    pub media_type: &'static str,
    /// The JSON.
    pub json: Bytes,
}

/// The cached lists of all namespaces of a server.
#[derive(Debug, Default)]
pub struct ListCache {
    lists: Mutex<Lists>,
    /// The number of namespaces that have used the cache.
    namespaces: AtomicU64,
}

#[derive(Debug, Default)]
struct Lists {
    by_key: BTreeMap<String, CachedList>,
    /// The size of the keys and the lists.
    bytes: usize,
}

#[derive(Debug)]
struct CachedList {
    /// The version of the store from which the list was read.
    version: u64,
    body: ListBody,
}

/// The cached lists of one namespace.
#[derive(Debug)]
pub struct NamespaceLists {
    cache: Arc<ListCache>,
    /// The start of all keys: the number of the namespace, which another one of the same name does not have.
    prefix: String,
    /// The version of the store in which a list was last requested.
    last_version: AtomicU64,
}

/// The key of a list that is not cached.
#[derive(Debug)]
pub struct ListKey(Option<String>);

/// Everything on which a list depends besides the records.
#[derive(Debug, Clone, Copy)]
pub struct ListRequest<'a> {
    /// The path and query, as received.
    pub path_and_query: &'a str,
    /// The base URL of links.
    pub base_url: &'a str,
    /// The choice where the vendor's document and its live service disagree.
    pub fidelity: Fidelity,
}

impl NamespaceLists {
    /// Returns the lists of a new namespace in `cache`.
    pub fn new(cache: Arc<ListCache>) -> Self {
        let prefix = cache.namespaces.fetch_add(1, Ordering::Relaxed).to_string();
        Self { cache, prefix, last_version: AtomicU64::new(u64::MAX) }
    }

    /// Returns whether a list was already requested from the store in its version `version`.
    ///
    /// Until then no list is looked for or cached, because most tests request one list after each write.
    pub fn is_repeated(&self, version: u64) -> bool {
        self.last_version.swap(version, Ordering::Relaxed) == version
    }

    fn key(&self, ListRequest { path_and_query, base_url, fidelity }: ListRequest<'_>) -> String {
        let fidelity = match fidelity {
            Fidelity::Documented => " documented ",
            Fidelity::Live => " live ",
        };
        // Neither a base URL nor a path contains a space.
        [&self.prefix, fidelity, base_url, " ", path_and_query].concat()
    }

    /// Returns the list `request` if it was read from the store in its version `version`.
    ///
    /// # Errors
    /// The key of the list: it is not cached.
    pub fn get(&self, request: ListRequest<'_>, version: u64) -> Result<ListBody, ListKey> {
        let key = self.key(request);
        match self.cache.lists.lock().by_key.get(&key) {
            Some(list) if list.version == version => Ok(list.body.clone()),
            Some(_) | None => Err(ListKey(Some(key))),
        }
    }

    /// Keeps the list `key`, which was read from the store in its version `version`.
    ///
    /// If there is no room for it, all other lists are dropped: they are soon read again if they are still needed.
    pub fn insert(&self, ListKey(key): ListKey, version: u64, body: ListBody) {
        let Some(key) = key else { return };
        let bytes = size(&key, &body);
        if bytes > MAX_LIST_CACHE_BYTES {
            return;
        }
        let mut dropped = BTreeMap::new();
        let mut lists = self.cache.lists.lock();
        if let Some(old) = lists.by_key.remove(&key) {
            lists.bytes -= size(&key, &old.body);
        }
        if lists.bytes + bytes > MAX_LIST_CACHE_BYTES {
            lists.bytes = 0;
            dropped = std::mem::take(&mut lists.by_key);
        }
        lists.bytes += bytes;
        lists.by_key.insert(key, CachedList { version, body });
        drop(lists);
        // Freed after the lock is released, because other requests wait for it.
        drop(dropped);
    }
}

impl ListKey {
    /// Returns a key under which no list is cached.
    pub const fn none() -> Self {
        Self(None)
    }
}

/// Returns the size at which a list is counted.
fn size(key: &str, body: &ListBody) -> usize {
    ENTRY_BYTES + key.len() + body.json.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(length: usize) -> ListBody {
        ListBody { media_type: "application/json", json: vec![b' '; length].into() }
    }

    fn request(path_and_query: &str) -> ListRequest<'_> {
        ListRequest { path_and_query, base_url: "http://a.test", fidelity: Fidelity::Live }
    }

    fn key(lists: &NamespaceLists, path: &str) -> ListKey {
        ListKey(Some(lists.key(request(path))))
    }

    fn length(lists: &NamespaceLists, path: &str, version: u64) -> Option<usize> {
        lists.get(request(path), version).ok().map(|body| body.json.len())
    }

    #[test]
    fn a_list_is_found_only_in_its_namespace_and_version() {
        let cache = Arc::new(ListCache::default());
        let [first, second] = [(); 2].map(|()| NamespaceLists::new(Arc::clone(&cache)));

        first.insert(key(&first, "/a"), 1, body(10));

        assert_eq!((length(&first, "/a", 1), length(&second, "/a", 1)), (Some(10), None));
        assert_eq!((length(&first, "/a", 2), length(&first, "/b", 1)), (None, None));
        first.insert(key(&first, "/a"), 2, body(20));
        assert_eq!((length(&first, "/a", 1), length(&first, "/a", 2)), (None, Some(20)));
        assert_eq!(cache.lists.lock().by_key.len(), 1);
    }

    #[test]
    fn the_first_list_of_a_version_is_not_repeated() {
        let lists = NamespaceLists::new(Arc::default());

        assert_eq!(
            [0, 0, 0, 1, 1, 2].map(|version| lists.is_repeated(version)),
            [false, true, true, false, true, false]
        );
    }

    #[test]
    fn all_lists_together_have_a_bound() {
        let cache = Arc::new(ListCache::default());
        let lists = NamespaceLists::new(Arc::clone(&cache));
        let used = || cache.lists.lock().bytes;

        for number in 0..100 {
            lists.insert(key(&lists, &number.to_string()), 1, body(100_000));
            lists.insert(key(&lists, "same"), number, body(50_000));
            assert!(used() <= MAX_LIST_CACHE_BYTES, "{}", used());
        }
        lists.insert(key(&lists, "long"), 1, body(MAX_LIST_CACHE_BYTES));

        assert_eq!((length(&lists, "99", 1), length(&lists, "long", 1)), (Some(100_000), None));
        let counted: usize = cache.lists.lock().by_key.iter().map(|(key, list)| size(key, &list.body)).sum();
        assert_eq!(used(), counted);
    }
}
