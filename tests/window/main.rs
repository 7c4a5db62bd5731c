//! The whole app, end to end, in a real window on a desktop of its own. One file for each subject.

mod accessible;
mod appearance;
mod bench;
mod clipboard;
mod close;
mod export;
mod file;
mod instances;
mod keyboard;
mod keyring;
mod list;
mod lost_answer;
mod main_job;
mod memory;
mod pause;
mod remembered;
mod reminders;
mod reveal;
mod settings;
mod token_test;
