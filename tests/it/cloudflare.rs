//! The cloudflare dialect, from outside.
