//! Answers of a Redis that is looked at, as values.

use redis::{Cmd, Value};

use crate::collect::redis::wire::connection::{CommandBatch, RedisConnection, answered};

/// Asks one question.
pub(crate) async fn one(
    connection: &mut RedisConnection,
    command: Cmd,
) -> redis::RedisResult<Value> {
    let mut batch = CommandBatch::default();
    batch.add(&command);
    let answers = connection.ask(&batch).await?;
    answered(answers.into_iter().next().unwrap_or(Value::Nil))
}

/// A text, or what can be read of it.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::BulkString(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Value::SimpleString(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        _ => String::new(),
    }
}

/// A text that is one.
pub(crate) fn whole_text(value: &Value) -> Option<String> {
    match value {
        Value::BulkString(bytes) => String::from_utf8(bytes.clone()).ok(),
        Value::SimpleString(text) => Some(text.clone()),
        _ => None,
    }
}
