//! Functions that work on one value at a time.

use crate::evaluate::promql::functions::calendar::DatePart;
use crate::evaluate::promql::functions::number::same;

/// A function of one value and up to two further numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Each {
    /// `abs`
    Abs,
    /// `minute`, `hour` and the other parts of a date
    Calendar(DatePart),
    /// `ceil`
    Ceil,
    /// `clamp`
    Clamp,
    /// `clamp_max`
    ClampMax,
    /// `clamp_min`
    ClampMin,
    /// `exp`
    Exp,
    /// `floor`
    Floor,
    /// `ln`
    Ln,
    /// `log10`
    Log10,
    /// `log2`
    Log2,
    /// `round`
    Round,
    /// `sgn`
    Sgn,
    /// `sqrt`
    Sqrt,
    /// `sin` and the other functions of angles
    Angle(Angle),
}

/// A function of angles, in radians, or of the unit hyperbola.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Angle {
    /// `acos`
    Acos,
    /// `acosh`
    Acosh,
    /// `asin`
    Asin,
    /// `asinh`
    Asinh,
    /// `atan`
    Atan,
    /// `atanh`
    Atanh,
    /// `cos`
    Cos,
    /// `cosh`
    Cosh,
    /// `deg`
    Deg,
    /// `rad`
    Rad,
    /// `sin`
    Sin,
    /// `sinh`
    Sinh,
    /// `tan`
    Tan,
    /// `tanh`
    Tanh,
}

impl Each {
    /// Gives the function of that name, if it is evaluated here.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "abs" => Self::Abs,
            "ceil" => Self::Ceil,
            "clamp" => Self::Clamp,
            "clamp_max" => Self::ClampMax,
            "clamp_min" => Self::ClampMin,
            "exp" => Self::Exp,
            "floor" => Self::Floor,
            "ln" => Self::Ln,
            "log10" => Self::Log10,
            "log2" => Self::Log2,
            "round" => Self::Round,
            "sgn" => Self::Sgn,
            "sqrt" => Self::Sqrt,
            _ => {
                return DatePart::named(name)
                    .map(Self::Calendar)
                    .or(Angle::named(name).map(Self::Angle));
            }
        })
    }

    /// Gives the function's value; `clamp` gives none where its limits cross.
    pub(crate) fn of(self, value: f64, [first, second]: [f64; 2]) -> Option<f64> {
        Some(match self {
            Self::Abs => value.abs(),
            Self::Angle(angle) => angle.of(value),
            Self::Calendar(part) => part.of(value),
            Self::Ceil => value.ceil(),
            Self::Clamp if second < first => return None,
            Self::Clamp => at_least(first, at_most(second, value)),
            Self::ClampMax => at_most(first, value),
            Self::ClampMin => at_least(first, value),
            Self::Exp => value.exp(),
            Self::Floor => value.floor(),
            Self::Ln => value.ln(),
            Self::Log10 => value.log10(),
            Self::Log2 => value.log2(),
            // Prometheus multiplies by the inverse to spare rounding errors.
            Self::Round => (value * (1.0 / first) + 0.5).floor() / (1.0 / first),
            Self::Sgn if same(value, 0.0) || value.is_nan() => value,
            Self::Sgn => value.signum(),
            Self::Sqrt => value.sqrt(),
        })
    }
}

impl Angle {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "acos" => Self::Acos,
            "acosh" => Self::Acosh,
            "asin" => Self::Asin,
            "asinh" => Self::Asinh,
            "atan" => Self::Atan,
            "atanh" => Self::Atanh,
            "cos" => Self::Cos,
            "cosh" => Self::Cosh,
            "deg" => Self::Deg,
            "rad" => Self::Rad,
            "sin" => Self::Sin,
            "sinh" => Self::Sinh,
            "tan" => Self::Tan,
            "tanh" => Self::Tanh,
            _ => return None,
        })
    }

    fn of(self, value: f64) -> f64 {
        match self {
            Self::Acos => value.acos(),
            Self::Acosh => value.acosh(),
            Self::Asin => value.asin(),
            Self::Asinh => value.asinh(),
            Self::Atan => value.atan(),
            Self::Atanh => value.atanh(),
            Self::Cos => value.cos(),
            Self::Cosh => value.cosh(),
            // In Prometheus' order of operations, which rounds otherwise than `to_degrees`.
            Self::Deg => value * 180.0 / std::f64::consts::PI,
            Self::Rad => value * std::f64::consts::PI / 180.0,
            Self::Sin => value.sin(),
            Self::Sinh => value.sinh(),
            Self::Tan => value.tan(),
            Self::Tanh => value.tanh(),
        }
    }
}

/// Gives the larger value, where NaN wins as in Go's `math.Max`.
fn at_least(limit: f64, value: f64) -> f64 {
    if same(limit, f64::INFINITY) || same(value, f64::INFINITY) {
        f64::INFINITY
    } else if limit.is_nan() || value.is_nan() {
        f64::NAN
    } else {
        limit.max(value)
    }
}

/// Gives the smaller value, where NaN wins as in Go's `math.Min`.
fn at_most(limit: f64, value: f64) -> f64 {
    -at_least(-limit, -value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;

    fn check(name: &str, value: f64, with: [f64; 2], expected: f64) {
        let value = Each::named(name).unwrap().of(value, with).unwrap();
        let alike = (value - expected).abs() < 1e-12 || value.is_nan() && expected.is_nan();
        assert!(
            alike || same(value, expected),
            "{name}: {value} is not {expected}"
        );
    }

    #[test]
    fn each_function_changes_one_value() {
        check("abs", -2.0, [0.0; 2], 2.0);
        check("ceil", 1.1, [0.0; 2], 2.0);
        check("clamp", 7.0, [1.0, 5.0], 5.0);
        check("clamp", NAN, [1.0, 5.0], NAN);
        check("clamp_max", 7.0, [5.0, 0.0], 5.0);
        check("clamp_max", NAN, [5.0, 0.0], NAN);
        check(
            "clamp_max",
            NAN,
            [f64::NEG_INFINITY, 0.0],
            f64::NEG_INFINITY,
        );
        check("clamp_min", 3.0, [5.0, 0.0], 5.0);
        check("exp", 0.0, [0.0; 2], 1.0);
        check("floor", -1.1, [0.0; 2], -2.0);
        check("ln", -1.0, [0.0; 2], NAN);
        check("ln", 0.0, [0.0; 2], f64::NEG_INFINITY);
        check("log10", 1000.0, [0.0; 2], 3.0);
        check("log2", 8.0, [0.0; 2], 3.0);
        check("round", 2.5, [1.0, 0.0], 3.0);
        check("round", -2.5, [1.0, 0.0], -2.0);
        check("round", 2.37, [0.1, 0.0], 2.4);
        check("sgn", -3.0, [0.0; 2], -1.0);
        check("sgn", 0.0, [0.0; 2], 0.0);
        check("sgn", NAN, [0.0; 2], NAN);
        check("sqrt", 9.0, [0.0; 2], 3.0);
        check("deg", std::f64::consts::PI, [0.0; 2], 180.0);
        check("rad", 90.0, [0.0; 2], std::f64::consts::FRAC_PI_2);
        check("acosh", 0.5, [0.0; 2], NAN);
        check("atanh", 1.0, [0.0; 2], f64::INFINITY);
        check("hour", 7200.0, [0.0; 2], 2.0);
    }

    #[test]
    fn crossed_limits_clamp_to_nothing() {
        assert_eq!(Each::Clamp.of(1.0, [5.0, 1.0]), None);
    }
}
