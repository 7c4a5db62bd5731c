//! A query that is put together: its text, and its values in the order of their placeholders.

use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe};

/// A value of a query, and by which a list is ordered.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub(crate) enum Value {
    Number(i64),
    Text(String),
}

/// Text and values.
#[derive(Default)]
pub(super) struct Statement {
    pub(super) sql: String,
    values: Vec<Value>,
}

impl Statement {
    /// Takes up a value, and says how it is named in the text.
    pub(super) fn value(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    pub(super) fn number(&mut self, number: i64) -> String {
        self.value(Value::Number(number))
    }

    pub(super) fn text(&mut self, text: impl Into<String>) -> String {
        self.value(Value::Text(text.into()))
    }

    /// A pattern for `LIKE … ESCAPE '\'` of what holds this word.
    pub(super) fn holding(&mut self, word: &str) -> String {
        self.text(format!("%{}%", escaped(word)))
    }

    /// Only what stands in this crate, placeholders and ids may be in the text: nothing that anybody typed. It is not
    /// kept prepared: with ids in it, it is another text each time, and may be a long one.
    pub(super) fn query(&self) -> Query<'static, Any, AnyArguments> {
        let query = sqlx::query(AssertSqlSafe(self.sql.clone()));
        self.values.iter().cloned().fold(query.persistent(false), |query, value| match value {
            Value::Number(number) => query.bind(number),
            Value::Text(text) => query.bind(text),
        })
    }
}

/// A word as it stands in a pattern of `LIKE`.
fn escaped(word: &str) -> String {
    word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
