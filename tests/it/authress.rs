//! The authress dialect, from outside.
