//! `/tokens` and what lies below it, one file for each thing that a person does there.

mod create;
mod delete;
mod events;
mod identify;
mod list;
mod propagation;
mod races;
mod report;
mod review;
mod revoked;
mod rotate;
mod sources;
mod undone;
mod update;
mod uses;
