//! `LookupTable`: values by strings.
//!
//! Imports the hash of its sibling `collection`. Invariant: it cannot be iterated, so that no order of a hash table reaches
//! a response.

use hashbrown::HashTable;

use super::collection::compute_hash;

/// Values by strings, for look-ups only.
#[derive(Debug, Clone)]
pub struct LookupTable<V>(HashTable<(Box<str>, V)>);

impl<V> Default for LookupTable<V> {
    fn default() -> Self {
        Self(HashTable::new())
    }
}

impl<V> LookupTable<V> {
    /// Returns the value of `key`.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        let found = self.0.find_mut(compute_hash(&key), |(other, _)| **other == *key);
        found.map(|(_, value)| value)
    }

    /// Sets the value of `key`, and returns it.
    pub fn insert(&mut self, key: &str, value: V) -> &mut V {
        let hash = compute_hash(&key);
        let entry = self.0.entry(hash, |(other, _)| **other == *key, |(other, _)| compute_hash(&&**other));
        &mut entry.insert((key.into(), value)).into_mut().1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_value_of_a_key_is_found() {
        let mut table = LookupTable::default();
        for number in 0..1_000 {
            *table.insert(&number.to_string(), number) += 1;
        }
        table.insert("7", 0);

        assert_eq!(table.get_mut("999").copied(), Some(1_000));
        assert_eq!(table.get_mut("7").copied(), Some(0));
        assert_eq!(table.get_mut("1000"), None);
    }
}
