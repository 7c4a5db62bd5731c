//! `/tokens` and what lies below it, one file for each thing that a person does there.

mod create;
mod delete;
mod events;
mod list;
mod update;
mod uses;
