//! Formulas and dice, tested as a whole.

mod fairness;
mod notation;
mod properties;
