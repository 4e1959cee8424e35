//! One rule of the settings with another condition.

use crate::config::Config;
use crate::evaluate::promql::Expression;
use crate::model::request::samples::trial::RuleTrial;

/// Gives a rule its other condition; a text says why that cannot be.
pub(crate) fn change(config: &mut Config, trial: &RuleTrial) -> Result<(), String> {
    let parse = |key: &str, text: &str| {
        Expression::parse(text).map_err(|error| format!("{key} cannot be evaluated: {error}"))
    };
    let expression = parse("`expr`", &trial.expr)?;
    let clear = trial.clear.as_deref().map(|text| parse("`clear`", text));
    let mut rules = config.rules.iter_mut();
    let rule = rules.find(|rule| rule.settings().id == trial.rule);
    let rule = rule.ok_or_else(|| format!("there is no rule `{}`", trial.rule))?;
    *rule = rule.with(expression, trial.hold);
    if let Some(clear) = clear {
        *rule = rule.afresh().held_by(Some(clear?));
    }
    Ok(())
}
