//! Channels against stand-ins.
