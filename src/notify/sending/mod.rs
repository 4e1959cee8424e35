//! One attempt to deliver: how a remote side is reached, and how it ends.

pub(crate) mod address;
pub(crate) mod attempt;
pub(crate) mod delivery;
pub(crate) mod harmless;
pub(crate) mod receiver_trial;
pub(crate) mod settle;
pub(crate) mod tools;
